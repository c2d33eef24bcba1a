-- One row a turn.
CREATE VIEW IF NOT EXISTS turns AS
SELECT
    tenant,
    session,
    day,
    position AS turn_number,
    turns.id AS turn,
    turns.event AS event,
    fromUnixTimestamp64Milli(turns.at_ms, 'UTC') AS at,
    turns.user AS user,
    turns.request AS request,
    turns.interpretation AS interpretation,
    turns.response AS response,
    turns.response_model AS response_model,
    turns.served_fix AS served_fix,
    turns.served_text AS served_text,
    turns.latency_ms AS latency_ms,
    turns.locale AS locale,
    turns.surface AS surface,
    turns.state AS state
FROM sessions FINAL
ARRAY JOIN turns, arrayEnumerate(turns.id) AS position
