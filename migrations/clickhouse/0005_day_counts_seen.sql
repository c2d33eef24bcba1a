-- The marks (opened + closed) that a day's counts know of, by the newest row. A day with any other sum of marks is dirty.
CREATE TABLE IF NOT EXISTS day_counts_seen
(
    tenant LowCardinality(String),
    day    Date,
    seen   UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, day)
