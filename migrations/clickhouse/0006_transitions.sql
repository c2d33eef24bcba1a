-- The chain's counts: sessions of a day stepping from one state to the next. The last step of every session goes to an
-- absorbing state: to_id 0 = nothing said, 1 = success, 2 = failure. All other ids are cityHash64 of the state's name.
CREATE TABLE IF NOT EXISTS transitions
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
