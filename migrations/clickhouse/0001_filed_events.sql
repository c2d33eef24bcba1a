-- The raw events by session, so that a touched session can be derived again whole. Small granules: it is read by session.
CREATE TABLE IF NOT EXISTS filed_events
(
    tenant         LowCardinality(String),
    session        String,
    position       UInt64,
    event_id       String,
    received_at_ms Int64,
    body           String CODEC(ZSTD(1)),
    body_bytes     UInt32 MATERIALIZED length(body)
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, session, position)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
