-- The event log: every event that was acknowledged, dead letters too, in the order of acknowledgement.
CREATE TABLE event_log (
  position       bigint PRIMARY KEY,
  received_at_ms bigint NOT NULL,
  tenant         text COLLATE "C" NOT NULL,
  -- What makes sending it again harmless. Keys too long for the index stand here as a digest, whole in long_key.
  key            text COLLATE "C" NOT NULL,
  session        text COLLATE "C" NOT NULL,
  dead_letter    text COLLATE "C",
  long_key       text COLLATE "C",
  body           text COLLATE "C" NOT NULL,
  UNIQUE (tenant, key)
);

-- One row. Whoever appends holds it locked until commit, so positions become visible in their own order.
CREATE TABLE event_log_head (
  one_row       boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  position      bigint NOT NULL,
  -- Entries may be missing up to here, because a tenant was removed; above it there is no gap.
  gaps_up_to    bigint NOT NULL
) WITH (fillfactor = 50);
INSERT INTO event_log_head (position, gaps_up_to) VALUES (0, 0);

-- How many entries the log holds, kept in the transaction that appends them, because counting a long log takes long.
CREATE TABLE event_log_count (
  tenant        text COLLATE "C" PRIMARY KEY,
  accepted      bigint NOT NULL,
  dead_lettered bigint NOT NULL
) WITH (fillfactor = 50);

-- How far each group of readers has come.
CREATE TABLE event_log_group (
  name      text COLLATE "C" PRIMARY KEY,
  position  bigint NOT NULL
) WITH (fillfactor = 50);
