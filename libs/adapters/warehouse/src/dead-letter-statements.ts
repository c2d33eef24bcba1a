/**
 * Events whose turn is not there, of the tenants in {tenants}, with their state under {waitMs} and {perSession}; see `OrphanBounds`.
 * A tenant's time is that of the newest entry it has in the log, as far as the warehouse has read it.
 */
const ORPHAN_STATES = `
  SELECT
      tenant,
      event,
      multiIf(
          (tenant, event) IN (SELECT tenant, letter FROM redrives WHERE tenant IN {tenants:Array(String)}), 'redriven',
          nth <= {perSession:UInt64} AND newest_ms < received_at_ms + {waitMs:Int64}, 'waiting',
          'open') AS state
  FROM (SELECT tenant, event, received_at_ms, nth FROM orphaned_events WHERE tenant IN {tenants:Array(String)}) AS orphaned
  INNER JOIN
  (
      SELECT tenant, max(newest) AS newest_ms
      FROM
      (
          SELECT tenant, max(received_at_ms) AS newest FROM filed_events WHERE tenant IN {tenants:Array(String)} GROUP BY tenant
          UNION ALL
          SELECT tenant, max(received_at_ms) AS newest FROM dead_letters WHERE tenant IN {tenants:Array(String)} GROUP BY tenant
          UNION ALL
          SELECT tenant, max(received_at_ms) AS newest FROM redrives WHERE tenant IN {tenants:Array(String)} GROUP BY tenant
      )
      GROUP BY tenant
  ) AS clocks USING tenant`;

/** Sessions are read once, so that what a session gains and what it loses are of one moment. */
export const COUNTS = `
  SELECT tenant, sum(in_sessions) AS inSessions, sum(orphans) AS orphaned, sum(letters) AS letters,
         sum(redriven) AS redriven, sum(notes) AS notes, sum(repeats) AS repeats, sum(expired) AS expired
  FROM
  (
      SELECT tenant, sum(stored_events) AS in_sessions, sum(length(orphans.event)) AS orphans, 0 AS letters, 0 AS redriven, 0 AS notes,
             0 AS repeats, 0 AS expired
      FROM sessions FINAL GROUP BY tenant
      UNION ALL
      SELECT tenant, 0, 0, count(), countIf((tenant, key) IN (SELECT tenant, letter FROM redrives)), 0, 0, 0
      FROM dead_letters FINAL GROUP BY tenant
      UNION ALL
      SELECT tenant, 0, 0, 0, 0, count(), 0, 0 FROM redrives FINAL GROUP BY tenant
      UNION ALL
      SELECT tenant, 0, 0, 0, 0, 0, sum(places) - count(), 0
      FROM (SELECT tenant, kind, scope, key, uniqExact(position) AS places FROM repeats GROUP BY tenant, kind, scope, key) AS kept
      GROUP BY tenant
      UNION ALL
      SELECT tenant, 0, 0, 0, 0, 0, 0, uniqExact(position) FROM expired_entries GROUP BY tenant
  )
  GROUP BY tenant ORDER BY tenant`;

export const COUNT_ORPHANS = `SELECT tenant, state, count() AS count FROM (${ORPHAN_STATES}) GROUP BY tenant, state`;

/** By state and reason, of the one tenant in {tenant}. */
export const COUNT_STATES = `
  SELECT state, reason, count() AS count
  FROM
  (
      SELECT
          if(key IN (SELECT letter FROM redrives WHERE tenant = {tenant:String}), 'redriven', 'open') AS state,
          toString(reason) AS reason
      FROM dead_letters FINAL WHERE tenant = {tenant:String}
      UNION ALL
      SELECT state, 'unknown-turn' AS reason FROM (${ORPHAN_STATES})
  )
  GROUP BY state, reason ORDER BY state, reason`;

/** Dead letters and orphans with their state, to be selected from; `body` is read only where it is named. */
export const LETTERS = `
  SELECT
      *,
      multiIf(
          key IN (SELECT letter FROM redrives WHERE tenant = {tenant:String}), 'redriven',
          reason = 'unknown-turn' AND key IN (SELECT event FROM (${ORPHAN_STATES}) WHERE state = 'waiting'), 'waiting',
          'open') AS state
  FROM all_dead_letters
  WHERE tenant = {tenant:String}`;

/** Keys that {id} may mean: the key itself before all, else those it begins or whose digest it begins, or an event's id. */
export const KEYS_LIKE = `
  SELECT key
  FROM (SELECT key, event_id, if(startsWith(key, '!'), splitByChar(':', key)[-1], '') AS digest FROM all_dead_letters WHERE tenant = {tenant:String})
  WHERE key = {id:String} OR event_id = {id:String} OR (startsWith(key, '!') AND startsWith(key, {id:String})) OR startsWith(digest, {id:String})
  GROUP BY key ORDER BY key = {id:String} DESC, key LIMIT 4`;
