-- Which event took the place of which dead letter, as the log's own notes tell it. `position` is the note's.
CREATE TABLE IF NOT EXISTS redrives
(
    tenant         LowCardinality(String),
    letter         String,
    event_id       String,
    received_at_ms Int64,
    position       UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, letter, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
