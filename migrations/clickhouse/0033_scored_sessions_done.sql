-- `done` of the session of the moment, where the model reads it too; 0 for a model that reads what was said alone.
ALTER TABLE scored_sessions ADD COLUMN IF NOT EXISTS done UInt64 DEFAULT 0
