-- The event stands in another part of its session than the turn that it names: it is stored and has no effect.
ALTER TABLE filed_events ADD COLUMN IF NOT EXISTS apart UInt8 DEFAULT 0
