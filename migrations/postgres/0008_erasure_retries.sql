-- An erasure that could not be carried out is tried again, later each time; the others go on meanwhile.
ALTER TABLE erasure
  ADD COLUMN tries integer NOT NULL DEFAULT 0,
  -- Why it failed the last time, and from when on it is tried again.
  ADD COLUMN why text,
  ADD COLUMN again_ms bigint,
  -- It takes keys that were made for what was received up to then: by clocks ahead of the one that dated the erasure. What was noted before
  -- this was here keeps to its date.
  ADD COLUMN keys_up_to_ms bigint,
  -- The sessions' keys are destroyed once: what is said in a session later, under a new key, is not the erasure's.
  ADD COLUMN session_keys_gone boolean NOT NULL DEFAULT false;
