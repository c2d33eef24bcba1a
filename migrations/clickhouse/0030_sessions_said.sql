-- Tells whether what was asked and answered in a session, and when, is still the same.
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS said UInt64 MATERIALIZED cityHash64(`turns.id`, `turns.at_ms`, `turns.request`, `turns.response`)
