-- One row a step of a session's chain: repeats collapsed, the last step carries the session's end.
CREATE OR REPLACE VIEW chain_steps AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    toUInt32OrZero(splitByChar(char(31), session)[2]) AS part,
    day,
    step,
    id AS state_id,
    steps.state AS state,
    steps.wording AS wording,
    steps.turn AS turn,
    steps.engaged AS engaged,
    if(step = length(chain_ids), toString(chain_end), '') AS ended
FROM sessions FINAL
ARRAY JOIN steps, chain_ids AS id, arrayEnumerate(chain_ids) AS step
