-- As in filed_events.
ALTER TABLE dead_letters ADD COLUMN IF NOT EXISTS sealed_by String DEFAULT ''
