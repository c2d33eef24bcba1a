-- How often a batch was about to change a day's sessions (opened) and how often it had (closed). Sums only grow. A batch that
-- was cut off leaves more opened than closed; the next one to write closes it, which marks the day again.
CREATE TABLE IF NOT EXISTS day_marks
(
    tenant LowCardinality(String),
    day    Date,
    opened UInt64,
    closed UInt64
)
ENGINE = SummingMergeTree((opened, closed))
ORDER BY (tenant, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
