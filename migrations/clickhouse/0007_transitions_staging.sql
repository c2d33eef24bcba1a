-- Where the counts of dirty days are made before they take the old ones' place, day by day.
CREATE TABLE IF NOT EXISTS transitions_staging
(
    tenant   String,
    day      Date,
    from_id  UInt64,
    to_id    UInt64,
    sessions UInt64
)
ENGINE = MergeTree
PARTITION BY (tenant, day)
ORDER BY (from_id, to_id)
