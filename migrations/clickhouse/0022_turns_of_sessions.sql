-- One row a turn, under its session whichever part it stands in; `turn_number` counts within the part.
CREATE OR REPLACE VIEW turns AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    toUInt32OrZero(splitByChar(char(31), session)[2]) AS part,
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
