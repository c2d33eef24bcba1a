import type { EventLog } from '@heed/events';
import { tenantId } from '@heed/kernel';
import type { Postgres } from '@heed/postgres';
import { z } from 'zod';

export interface LogShape {
  /** Sessions of four turns that are under way at once: 1 has each session's turns one behind the other. */
  readonly openSessions: number;
  /** Share of the events that are of one session, 0..1. */
  readonly hot: number;
}

const TENANT = 'bench';

/** Positions a statement fills: enough that its round trip is nothing, little enough that nobody waits long for it. */
const AT_ONCE = 100_000;

/**
 * Puts the next events into the log by SQL alone, as the log's own appends would have: turns of some 400 bytes, in sessions whose names say nothing of
 * when they began, as applications name theirs. The work is the database's, so that who measures a reader of the log in this process measures the reader.
 */
export async function fillLog(
  { pool }: Postgres,
  events: number,
  shape: LogShape,
  progress: (filled: number) => void = () => undefined,
): Promise<void> {
  for (let filled = 0; filled < events;) {
    const some = Math.min(events - filled, AT_ONCE);
    await pool.query({ name: 'bench-fill-log', text: FILL, values: [some, shape.hot, shape.openSessions] });
    filled += some;
    progress(filled);
  }
}

/**
 * The same events into a log of any other kind, by its own appends, from this process. The database makes them as well, from that one's `filled` on: what
 * is measured against the one log can be held against what is measured against the other.
 */
export async function appendToLog(
  { pool }: Postgres,
  log: EventLog,
  events: number,
  shape: LogShape,
  filled: number,
  progress: (filled: number) => void = () => undefined,
): Promise<void> {
  for (let done = 0; done < events;) {
    const some = Math.min(events - done, APPENDED_AT_ONCE);
    const { rows } = await pool.query({
      name: 'bench-turns',
      text: TURNS_BEHIND,
      values: [some, shape.hot, shape.openSessions, filled + done],
    });
    const entries = z.array(turnRow).parse(rows);
    await log.append(entries.map((row) => ({ ...row, tenant: tenantId(TENANT) })));
    done += some;
    progress(done);
  }
}

const APPENDED_AT_ONCE = 5_000;

const turnRow = z.object({
  key: z.string(),
  session: z.string(),
  body: z.string(),
  receivedAtMs: z.coerce.number(),
});

/** The next $1 events behind a position: $2 and $3 are their shape. */
function turnsBehind(before: string): string {
  return `
  SELECT n, 'e-' || n AS key, session, 1769904000000 + n * 50 AS received_at_ms, format(
    '{"specversion":"1.0","id":"e-%1$s","source":"/bench","type":"heed.turn.v1","subject":"%2$s","time":"%3$s","datacontenttype":"application/json",'
    '"data":{"turn":"t-%1$s","user":"u-%4$s","request":{"text":"play some music in the %5$s","interpretation":{"intent":"play","slots":{"room":"%5$s"}}},'
    '"response":{"text":"Here is some music for the %5$s.","model":"assistant-3"},"latencyMs":412,"locale":"en-GB"}}',
    n, session, time, n % 997, (ARRAY['kitchen', 'bathroom', 'garden', 'hall', 'bedroom'])[n % 5 + 1]) AS body
  FROM (
    SELECT n,
      CASE WHEN floor(n * $2::float8) > floor((n - 1) * $2::float8) THEN 'hot'
        ELSE 's-' || left(md5((n / ($3::bigint * 4) * $3::bigint + n % $3::bigint)::text), 16) END AS session,
      to_char(timestamp '2026-02-01' + n * interval '50 milliseconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS time
    FROM (SELECT before + i AS n FROM ${before}, generate_series(1, $1::bigint) AS i) AS numbered
  ) AS placed`;
}

const FILL = `
  WITH head AS (
    UPDATE event_log_head SET position = position + $1::bigint RETURNING position - $1::bigint AS before
  ), counted AS (
    INSERT INTO event_log_count AS old (tenant, accepted, dead_lettered) VALUES ('${TENANT}', $1::bigint, 0)
    ON CONFLICT (tenant) DO UPDATE SET accepted = old.accepted + excluded.accepted
  )
  INSERT INTO event_log (position, received_at_ms, tenant, key, session, body)
  SELECT n, received_at_ms, '${TENANT}', key, session, body FROM (${turnsBehind('head')}) AS turns`;

const TURNS_BEHIND = `
  SELECT key, session, body, received_at_ms AS "receivedAtMs"
  FROM (${turnsBehind('(SELECT $4::bigint AS before) AS head')}) AS turns ORDER BY n`;
