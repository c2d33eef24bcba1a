-- One row a session, derived whole; the row with the highest version is the session. Times are milliseconds since 1970.
-- An absent text is '', an absent number NULL. `chain_ids` are the 64-bit names under which states are counted.
CREATE TABLE IF NOT EXISTS sessions
(
    tenant              LowCardinality(String),
    session             String,
    version             UInt64,
    day                 Date,
    started_at_ms       Int64,
    ended_at_ms         Int64,
    user                String,
    stored_events       UInt32,
    reformulation_model LowCardinality(String),
    follow_up_model     LowCardinality(String),
    outcome_model       LowCardinality(String),

    `turns.id`                        Array(String),
    `turns.event`                     Array(String),
    `turns.at_ms`                     Array(Int64),
    `turns.user`                      Array(String),
    `turns.request`                   Array(String),
    `turns.interpretation`            Array(String),
    `turns.response`                  Array(String),
    `turns.response_model`            Array(String),
    `turns.served_fix`                Array(String),
    `turns.served_text`               Array(String),
    `turns.latency_ms`                Array(Nullable(Float64)),
    `turns.locale`                    Array(String),
    `turns.surface`                   Array(String),
    `turns.state`                     Array(String),
    `turns.reformulation`             Array(LowCardinality(String)),
    `turns.repairs`                   Array(String),
    `turns.reformulation_probability` Array(Float64),
    `turns.follow_up`                 Array(LowCardinality(String)),
    `turns.follow_up_probability`     Array(Nullable(Float64)),
    `turns.outcome`                   Array(LowCardinality(String)),
    `turns.outcome_probability`       Array(Float64),
    `turns.outcome_decided_by`        Array(LowCardinality(String)),

    `signals.turn`  Array(String),
    `signals.event` Array(String),
    `signals.kind`  Array(LowCardinality(String)),
    `signals.at_ms` Array(Int64),
    `signals.user`  Array(String),
    `signals.value` Array(Nullable(Float64)),

    `steps.state`   Array(String),
    `steps.wording` Array(String),
    `steps.turn`    Array(String),
    `steps.engaged` Array(UInt8),
    chain_end       Enum8('unlabelled' = 0, 'success' = 1, 'failure' = 2),
    chain_explored  UInt8,
    chain_ids       Array(UInt64) MATERIALIZED arrayMap(state -> cityHash64(state), `steps.state`),
    -- Those of the chain's states that a fix served: `<source state>`, the unit separator, `<fix>`. Nearly always none.
    served_states   Array(String) MATERIALIZED
        arrayDistinct(arrayFilter(state -> position(state, char(31)) > 0, `steps.state`)),

    `orphans.event`      Array(String),
    `orphans.event_type` Array(LowCardinality(String)),
    `orphans.turn`       Array(String),
    `orphans.at_ms`      Array(Int64),
    `orphans.position`   Array(UInt64)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (tenant, session)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1
