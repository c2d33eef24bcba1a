-- How long a tenant's data is kept, where somebody has said so.
CREATE TABLE retention_rule (
  tenant text COLLATE "C" PRIMARY KEY,
  -- NULL: for ever.
  days   integer CHECK (days > 0),
  at_ms  bigint NOT NULL,
  who    text NOT NULL
) WITH (fillfactor = 50);

-- Every horizon that was drawn: what a session received before it goes, when nothing came from then until `until_ms`. A row is here before
-- anything is removed by it, and stays, because a log that keeps its bytes is read again by it.
CREATE TABLE retention_horizon (
  tenant      text COLLATE "C" NOT NULL,
  horizon_ms  bigint NOT NULL,
  until_ms    bigint NOT NULL,
  days        integer NOT NULL CHECK (days > 0),
  recorded_ms bigint NOT NULL,
  PRIMARY KEY (tenant, horizon_ms)
);
