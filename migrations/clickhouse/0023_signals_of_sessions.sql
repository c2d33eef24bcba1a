-- One row a signal. Kinds are counted apart, never summed.
CREATE OR REPLACE VIEW signals AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    toUInt32OrZero(splitByChar(char(31), session)[2]) AS part,
    day,
    signals.turn AS turn,
    signals.event AS event,
    signals.kind AS kind,
    fromUnixTimestamp64Milli(signals.at_ms, 'UTC') AS at,
    signals.user AS user,
    signals.value AS value
FROM sessions FINAL
ARRAY JOIN signals
