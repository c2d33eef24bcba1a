-- Everything acknowledged that is no part of a session: dead letters, and events whose turn has not come (orphans).
CREATE OR REPLACE VIEW all_dead_letters AS
SELECT tenant, key, reason, detail, remedy, event_id, event_type, session, received_at_ms, position, body
FROM dead_letters FINAL
UNION ALL
SELECT
    tenant,
    orphan_event AS key,
    'unknown-turn' AS reason,
    concat('the event names the turn "', orphan_turn, '", which its session does not have') AS detail,
    'send that turn; the event then becomes part of the session by itself' AS remedy,
    orphan_event AS event_id,
    orphan_type AS event_type,
    substringIndex(session, char(31), 1) AS session,
    received_at_ms,
    position,
    body
FROM
(
    SELECT tenant, session, position, received_at_ms, body
    FROM filed_events FINAL
    WHERE (tenant, session) IN (SELECT tenant, session FROM sessions FINAL WHERE notEmpty(orphans.event))
) AS filed
INNER JOIN
(
    SELECT
        tenant,
        session,
        orphans.position AS position,
        orphans.event AS orphan_event,
        toString(orphans.event_type) AS orphan_type,
        orphans.turn AS orphan_turn
    FROM sessions FINAL
    ARRAY JOIN orphans
) AS waiting USING (tenant, session, position)
