-- One row an event whose turn its session does not have: when it was received, and the how-manieth of its session it is in the log.
-- Facts alone: how long one waits, and how many of a session, is decided by who reads them.
CREATE OR REPLACE VIEW orphaned_events AS
SELECT
    tenant,
    substringIndex(session, char(31), 1) AS session,
    event,
    position,
    received_at_ms,
    row_number() OVER (PARTITION BY tenant, substringIndex(session, char(31), 1) ORDER BY position) AS nth
FROM
(
    SELECT tenant, session, orphans.event AS event, orphans.position AS position
    FROM sessions FINAL
    ARRAY JOIN orphans
) AS orphaned
INNER JOIN
(
    SELECT tenant, session, position, received_at_ms
    FROM filed_events FINAL
    WHERE (tenant, session) IN (SELECT tenant, session FROM sessions FINAL WHERE notEmpty(orphans.event))
) AS filed USING (tenant, session, position)
