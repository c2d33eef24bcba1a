-- How often sessions of a day visited a state, and how those that ended there ended.
CREATE VIEW IF NOT EXISTS state_ends AS
SELECT
    tenant,
    day,
    from_id AS state_id,
    sum(sessions) AS visits,
    sumIf(sessions, to_id = 1) AS successes,
    sumIf(sessions, to_id = 2) AS failures,
    sumIf(sessions, to_id = 0) AS unlabelled
FROM transitions
GROUP BY tenant, day, from_id
