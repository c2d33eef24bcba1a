-- What the log holds more than once, since it did not know it for a repeat: each place of it. Of events only those that came again, and the first of
-- them; of dead letters and of notes every one. So repeats are the rows beyond one for each (tenant, kind, scope, key).
CREATE TABLE IF NOT EXISTS repeats
(
    tenant   LowCardinality(String),
    kind     Enum8('event' = 1, 'dead-letter' = 2, 'note' = 3),
    -- An event's session, the dead letter that a note is of.
    scope    String,
    key      String,
    position UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, kind, scope, key, position)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
