-- What the event was sealed by in the log, '' where nobody's words are in it: by this it is found when it is to be forgotten. `rewritten` tells
-- rows that an erasure wrote from those in whose place they are.
ALTER TABLE filed_events ADD COLUMN IF NOT EXISTS sealed_by String DEFAULT '', ADD COLUMN IF NOT EXISTS rewritten UInt64 DEFAULT 0
