-- One row a step of a session's chain: repeats collapsed, the last step carries the session's end.
CREATE VIEW IF NOT EXISTS chain_steps AS
SELECT
    tenant,
    session,
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
