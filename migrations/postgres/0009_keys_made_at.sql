-- When a key was made, by the database's clock: an erasure takes the keys of sessions that were there when it was asked for, however much later it is
-- carried out and whatever the clocks of collectors say. NULL: made before this was kept.
ALTER TABLE user_key ADD COLUMN made_at timestamptz;
ALTER TABLE user_key ALTER COLUMN made_at SET DEFAULT clock_timestamp();
