-- What kind of event it is, such as `turn`: known when it was erased, and has no body to tell it. '' where it is not known.
ALTER TABLE filed_events ADD COLUMN IF NOT EXISTS event_name LowCardinality(String) DEFAULT ''
