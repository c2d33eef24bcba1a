-- The marks (opened + closed) that a day's counts already know of. A day with more than that is dirty.
CREATE TABLE IF NOT EXISTS day_counts_seen
(
    tenant LowCardinality(String),
    day    Date,
    seen   UInt64
)
ENGINE = ReplacingMergeTree(seen)
ORDER BY (tenant, day)
