-- What a reward model said of a session's turns, in their order; NULL where a turn has no answer. `said` is the session's own of the moment: of a session
-- that says something else by now these scores are not; `done` likewise where the model reads what was done too, 0 for one that does not. Of models, not of the log: a replay neither makes nor compares them.
CREATE TABLE IF NOT EXISTS scored_sessions
(
    tenant  LowCardinality(String),
    model   LowCardinality(String),
    session String,
    said    UInt64,
    scores  Array(Nullable(Float64)),
    logits  Array(Nullable(Float64)),
    done    UInt64 DEFAULT 0
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, model, session)
SETTINGS index_granularity = 1024
