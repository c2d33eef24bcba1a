-- How many records of a file are in the log already, so that an import that was cut off goes on where it stopped.
CREATE TABLE import_progress (
  tenant      text COLLATE "C" NOT NULL,
  fingerprint text COLLATE "C" NOT NULL,
  records     bigint NOT NULL,
  PRIMARY KEY (tenant, fingerprint)
) WITH (fillfactor = 50);
