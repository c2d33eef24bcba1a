-- Entries of the log that are no part of any session, with the bytes as they came.
CREATE TABLE IF NOT EXISTS dead_letters
(
    tenant         LowCardinality(String),
    key            String,
    reason         LowCardinality(String),
    detail         String,
    remedy         String,
    event_id       String,
    event_type     String,
    session        String,
    received_at_ms Int64,
    position       UInt64,
    body           String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
