-- One row a derived label: its value, the version of the model that gave it, and that model's probability. `because` is the
-- turn that a reformulation repairs, or what decided an outcome.
CREATE OR REPLACE VIEW labels AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    toUInt32OrZero(splitByChar(char(31), session)[2]) AS part,
    day,
    turn,
    given.1 AS label,
    given.2 AS value,
    given.3 AS model,
    given.4 AS probability,
    given.5 AS because
FROM
(
    SELECT
        tenant,
        session,
        day,
        turns.id AS turn,
        [
            ('reformulation', toString(turns.reformulation), toString(reformulation_model), turns.reformulation_probability, turns.repairs),
            ('follow-up', toString(turns.follow_up), toString(follow_up_model), ifNull(turns.follow_up_probability, 0), ''),
            ('outcome', toString(turns.outcome), toString(outcome_model), turns.outcome_probability, toString(turns.outcome_decided_by))
        ] AS possible
    FROM sessions FINAL
    ARRAY JOIN turns
)
ARRAY JOIN possible AS given
WHERE given.2 != ''
