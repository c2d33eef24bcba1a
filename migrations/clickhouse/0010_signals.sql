-- One row a signals. Kinds are counted apart, never summed.
CREATE VIEW IF NOT EXISTS signals AS
SELECT
    tenant,
    session,
    day,
    signals.turn AS turn,
    signals.event AS event,
    signals.kind AS kind,
    fromUnixTimestamp64Milli(signals.at_ms, 'UTC') AS at,
    signals.user AS user,
    signals.value AS value
FROM sessions FINAL
ARRAY JOIN signals
