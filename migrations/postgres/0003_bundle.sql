-- Every bundle ever published, word for word as it was signed.
CREATE TABLE bundle (
  tenant       text COLLATE "C" NOT NULL,
  version      integer NOT NULL CHECK (version > 0),
  sha256       text COLLATE "C" NOT NULL,
  content      text COLLATE "C" NOT NULL,
  signature    text COLLATE "C" NOT NULL,
  key_id       text COLLATE "C" NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant, version)
);
CREATE INDEX bundle_by_content ON bundle (tenant, sha256, version);

CREATE TRIGGER bundle_is_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON bundle
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bundle ENABLE ALWAYS TRIGGER bundle_is_append_only;
