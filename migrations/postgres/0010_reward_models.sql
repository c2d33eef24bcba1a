-- The file of every trained model, once, whatever it is called.
CREATE TABLE reward_model_file (
  tenant text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C" NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (tenant, sha256)
);
-- Floats: pressing them together costs time and wins nothing.
ALTER TABLE reward_model_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- What each model was made of and how it does, as JSON.
CREATE TABLE reward_model_card (
  tenant text COLLATE "C" NOT NULL,
  model  text COLLATE "C" NOT NULL,
  card   text NOT NULL,
  PRIMARY KEY (tenant, model)
);
