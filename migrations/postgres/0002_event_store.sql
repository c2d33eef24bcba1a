-- What was decided. Rows are only ever added: the triggers refuse everything else, whoever asks.
CREATE TABLE event_store (
  position       bigint PRIMARY KEY,
  stream         text COLLATE "C" NOT NULL,
  version        integer NOT NULL CHECK (version > 0),
  type           text COLLATE "C" NOT NULL,
  data           jsonb NOT NULL,
  recorded_at_ms bigint NOT NULL,
  UNIQUE (stream, version)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the table is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', HINT = 'Append a new row that says what changed.';
END
$$;

CREATE TRIGGER event_store_is_append_only
  BEFORE UPDATE OR DELETE OR TRUNCATE ON event_store
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE event_store ENABLE ALWAYS TRIGGER event_store_is_append_only;
