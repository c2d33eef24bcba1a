-- The row is the first part of a session in several; the others are named by the session, the unit separator and their number.
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS continued UInt8 DEFAULT 0
