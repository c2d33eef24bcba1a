-- Of sessions in several parts: where their events and turns went, and how many events went to each part. One row an event, one a turn,
-- one a part (its name is ''). Other sessions have none.
CREATE TABLE IF NOT EXISTS session_places
(
    tenant  LowCardinality(String),
    session String,
    kind    Enum8('part' = 0, 'event' = 1, 'turn' = 2),
    name    String,
    part    UInt32,
    events  UInt64
)
ENGINE = ReplacingMergeTree(events)
ORDER BY (tenant, session, kind, name, part)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1
