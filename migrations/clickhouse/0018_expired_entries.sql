-- Which entries the log still has although retention removed what the warehouse made of them. A log that lets them go itself has none here.
CREATE TABLE IF NOT EXISTS expired_entries
(
    tenant   LowCardinality(String),
    position UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, position)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
