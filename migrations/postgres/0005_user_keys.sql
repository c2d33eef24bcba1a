-- The keys under which personal data stands in the log. Who is forgotten has the bytes of theirs set to NULL, and the row stays: it tells
-- a key that was destroyed from one that was never here.
CREATE TABLE user_key (
  id           text COLLATE "C" PRIMARY KEY,
  tenant       text COLLATE "C" NOT NULL,
  kind         text COLLATE "C" NOT NULL CHECK (kind IN ('user', 'session')),
  -- SHA-256 of kind, tenant and the user's or session's id.
  subject      bytea NOT NULL,
  bytes        bytea,
  -- When the first event that it was made for was received. An erasure takes the keys in use when it was asked for.
  since_ms     bigint NOT NULL,
  destroyed_at timestamptz,
  CHECK ((bytes IS NULL) = (destroyed_at IS NOT NULL))
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX user_key_live ON user_key (subject) WHERE bytes IS NOT NULL;
CREATE INDEX user_key_subject ON user_key (subject);
CREATE INDEX user_key_tenant ON user_key (tenant) WHERE bytes IS NOT NULL;
CREATE INDEX user_key_destroyed ON user_key (destroyed_at) WHERE destroyed_at IS NOT NULL;

-- Up to when everything of a user, or of a session, is forgotten: for what stands in the log without a key.
CREATE TABLE erased_subject (
  subject  bytea PRIMARY KEY,
  tenant   text COLLATE "C" NOT NULL,
  up_to_ms bigint NOT NULL
);

-- Every erasure asked for, by a digest of its entry's tenant and key, and how far it has come. What it reaches is told by ids alone, as JSON.
CREATE TABLE erasure (
  id       text COLLATE "C" PRIMARY KEY,
  tenant   text COLLATE "C" NOT NULL,
  subject  bytea NOT NULL,
  up_to_ms bigint NOT NULL,
  reach    text,
  result   text,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX erasure_pending ON erasure (noted_at) WHERE result IS NULL;
