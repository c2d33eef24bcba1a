-- One row a turn and model that scored it as it stands: the calibrated probability of what the model is of, and the logit it was calibrated from.
CREATE VIEW IF NOT EXISTS turn_scores AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    toUInt32OrZero(splitByChar(char(31), session)[2]) AS part,
    day,
    id AS turn,
    fromUnixTimestamp64Milli(at_ms, 'UTC') AS at,
    response_model,
    served_fix,
    model,
    assumeNotNull(given) AS score,
    assumeNotNull(given_logit) AS logit
FROM
(
    SELECT tenant, session, day, ids, times, response_models, served_fixes, model, scores, logits
    FROM
    (
        SELECT tenant, session, said, done, day, turns.id AS ids, turns.at_ms AS times, turns.response_model AS response_models, turns.served_fix AS served_fixes
        FROM sessions FINAL
    ) AS derived
    INNER JOIN
    (
        SELECT tenant, session, said, done AS done_then, model, scores, logits
        FROM scored_sessions FINAL
    ) AS scored USING (tenant, session, said)
    WHERE done_then = 0 OR done_then = done
)
ARRAY JOIN ids AS id, times AS at_ms, response_models AS response_model, served_fixes AS served_fix, scores AS given, logits AS given_logit
WHERE given IS NOT NULL
