import type { LogPosition } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import type { AgedSession, ExpirableLetters, ExpirableRows, SessionPositions } from '@heed/sessions';
import { z } from 'zod';
import { deleteRows } from './delete-rows.ts';
import { encodeRows } from './encode-rows.ts';
import {
  BASE_SCOPE,
  BASE_SESSION,
  lastPositionValues,
  upToLast,
  VERDICT_KEY,
} from './forgetting-statements.ts';
import { markingDays } from './mark-days.ts';
import { SqlForgettableRows, type RowBounds } from './sql-forgettable-rows.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const newestRow = z.object({ newestMs: z.coerce.number(), entries: z.coerce.number() });
const agedRow = z.object({
  session: z.string().transform(sessionId),
  newestMs: z.coerce.number(),
  entries: z.coerce.number(),
});
const dayNumberRow = z.object({ day: z.coerce.number() });
const timesRow = z.object({ session: z.string().transform(sessionId), times: z.array(z.coerce.number()) });
const positionRow = z.object({ position: z.coerce.number() });
const placesRow = z.object({
  session: z.string().transform(sessionId),
  positions: z.array(z.coerce.number()),
});
const letterRow = z.object({ key: z.string() });
const noteRow = z.object({ letter: z.string(), eventId: z.string() });

const DAY_MS = 86_400_000;

/** When each of the tenant's entries was received, whatever became of it. */
const EVERYTHING = `(
  SELECT received_at_ms FROM filed_events WHERE tenant = {tenant:String}
  UNION ALL
  SELECT received_at_ms FROM dead_letters WHERE tenant = {tenant:String}
  UNION ALL
  SELECT received_at_ms FROM redrives WHERE tenant = {tenant:String}
)`;

/** Every entry that is filed with a session or poisoned it: its session's own name, whichever part it is in, and when it was received. */
const ENTRIES = `(
  SELECT tenant, ${BASE_SESSION} AS base, received_at_ms FROM filed_events WHERE tenant = {tenant:String}
  UNION ALL
  SELECT tenant, session AS base, received_at_ms FROM dead_letters WHERE tenant = {tenant:String} AND NOT ${VERDICT_KEY}
)`;

/** The same, and how many places in the log each has; of those that an event has beside its first when it came is not known. */
const PLACES = `(
  SELECT base, toNullable(received_at_ms) AS received_at_ms, 1 AS places FROM ${ENTRIES}
  UNION ALL
  SELECT ${BASE_SCOPE} AS base, NULL AS received_at_ms, uniqExact(position) - 1 AS places FROM repeats
  WHERE tenant = {tenant:String} AND kind = 'event' GROUP BY base, key
)`;

/** A note by both its ids, which have no control characters. */
const NOTE = 'concat(letter, char(31), event_id)';
const REPEATED_NOTE = 'concat(scope, char(31), key)';

/** The rows of a warehouse that `migrateWarehouse` has prepared. */
export class SqlExpirableRows extends SqlForgettableRows implements ExpirableRows {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse, bounds: RowBounds = {}) {
    super(warehouse, bounds);
    this.#warehouse = warehouse;
  }

  async newestReceivedMs(tenant: TenantId): Promise<number | null> {
    const [row] = await this.#warehouse.query(
      newestRow,
      `SELECT max(received_at_ms) AS newestMs, count() AS entries FROM ${EVERYTHING}`,
      { tenant },
    );
    return row === undefined || row.entries === 0 ? null : row.newestMs;
  }

  async receivedDaysMs(tenant: TenantId): Promise<readonly number[]> {
    const rows = await this.#warehouse.query(
      dayNumberRow,
      `SELECT DISTINCT intDiv(received_at_ms, ${String(DAY_MS)}) AS day FROM ${EVERYTHING} ORDER BY day`,
      { tenant },
    );
    return rows.map(({ day }) => day * DAY_MS);
  }

  sessionsBefore(
    tenant: TenantId,
    beforeMs: number,
    after: string,
    limit: number,
  ): Promise<readonly AgedSession[]> {
    return this.#warehouse.query(
      agedRow,
      `SELECT base AS session, max(received_at_ms) AS newestMs, sum(places) AS entries FROM ${PLACES} WHERE base > {after:String}
       GROUP BY base HAVING min(received_at_ms) < {beforeMs:Int64} ORDER BY base LIMIT {limit:UInt64}`,
      { tenant, beforeMs, after, limit },
    );
  }

  async receivedMs(
    tenant: TenantId,
    sessions: readonly SessionId[],
  ): Promise<ReadonlyMap<SessionId, readonly number[]>> {
    const rows = await this.#warehouse.query(
      timesRow,
      `SELECT base AS session, groupUniqArray(received_at_ms) AS times FROM ${ENTRIES}
       WHERE base IN {sessions:Array(String)} GROUP BY base`,
      { tenant, sessions },
    );
    return new Map(rows.map(({ session, times }) => [session, times]));
  }

  async positionsOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<SessionPositions> {
    const rows = await this.#warehouse.query(
      placesRow,
      `SELECT base AS session, groupUniqArray(position) AS positions
       FROM
       (
           SELECT ${BASE_SESSION} AS base, position FROM filed_events
           WHERE tenant = {tenant:String} AND ${BASE_SESSION} IN {sessions:Array(String)}
           UNION ALL
           SELECT ${BASE_SCOPE} AS base, position FROM repeats
           WHERE tenant = {tenant:String} AND kind = 'event' AND ${BASE_SCOPE} IN {sessions:Array(String)}
           UNION ALL
           SELECT session AS base, position FROM dead_letters
           WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} AND NOT ${VERDICT_KEY}
       )
       GROUP BY base`,
      { tenant, sessions },
    );
    return new Map(rows.map(({ session, positions }) => [session, positions]));
  }

  async removeSessions(tenant: TenantId, positions: SessionPositions): Promise<void> {
    if (positions.size === 0) return;
    const last = new Map([...positions].map(([session, all]) => [session, all.reduce(later, 0)]));
    const values = { tenant, ...lastPositionValues(last) };
    const remove = (table: string, position: string, session: string, rows = '1'): Promise<void> =>
      deleteRows(
        this.#warehouse,
        table,
        `${session} IN {lastOf:Array(String)} AND ${upToLast(position, session)} AND ${rows}`,
        values,
      );
    await markingDays(this.#warehouse, `${BASE_SESSION} IN {lastOf:Array(String)}`, values, async () => {
      await remove('sessions', 'version', BASE_SESSION);
      await deleteRows(
        this.#warehouse,
        'scored_sessions',
        `${BASE_SESSION} IN {lastOf:Array(String)}`,
        values,
      );
      await deleteRows(this.#warehouse, 'session_places', 'session IN {lastOf:Array(String)}', values);
      await remove('repeats', 'position', BASE_SCOPE, "kind = 'event'");
    });
    await remove('dead_letters', 'position', 'session', `NOT ${VERDICT_KEY}`);
    await remove('filed_events', 'position', BASE_SESSION);
  }

  async lettersBefore(tenant: TenantId, beforeMs: number, limit: number): Promise<ExpirableLetters> {
    const old = { tenant, beforeMs, limit };
    const letters = await this.#warehouse.query(
      letterRow,
      `SELECT DISTINCT key FROM dead_letters WHERE tenant = {tenant:String} AND received_at_ms < {beforeMs:Int64} AND ${VERDICT_KEY}
       ORDER BY key LIMIT {limit:UInt64}`,
      old,
    );
    if (letters.length > 0) return this.#letters(tenant, letters);
    // A note stays as long as there is what it is about.
    const notes = await this.#warehouse.query(
      noteRow,
      `SELECT DISTINCT letter, event_id AS eventId FROM redrives
       WHERE tenant = {tenant:String} AND received_at_ms < {beforeMs:Int64}
         AND letter NOT IN (SELECT key FROM dead_letters WHERE tenant = {tenant:String})
         AND letter NOT IN
         (
             SELECT event_id FROM filed_events
             WHERE tenant = {tenant:String} AND event_id IN (SELECT letter FROM redrives WHERE tenant = {tenant:String})
         )
       ORDER BY letter, eventId LIMIT {limit:UInt64}`,
      old,
    );
    return this.#notes(tenant, notes);
  }

  async removeLetters(tenant: TenantId, { letters: keys, notes }: ExpirableLetters): Promise<void> {
    await deleteRows(this.#warehouse, 'dead_letters', `${VERDICT_KEY} AND key IN {keys:Array(String)}`, {
      tenant,
      keys,
    });
    await deleteRows(this.#warehouse, 'repeats', "kind = 'dead-letter' AND key IN {keys:Array(String)}", {
      tenant,
      keys,
    });
    const pairs = pairsOf(notes);
    await deleteRows(this.#warehouse, 'redrives', `${NOTE} IN {pairs:Array(String)}`, { tenant, pairs });
    await deleteRows(
      this.#warehouse,
      'repeats',
      `kind = 'note' AND ${REPEATED_NOTE} IN {pairs:Array(String)}`,
      {
        ...{ tenant, pairs },
      },
    );
  }

  noteExpired(tenant: TenantId, positions: readonly LogPosition[]): Promise<void> {
    return this.#warehouse.insert(
      'expired_entries',
      ['tenant', 'position'],
      encodeRows(positions.map((position) => [tenant, position])),
    );
  }

  async #letters(tenant: TenantId, letters: readonly z.infer<typeof letterRow>[]): Promise<ExpirableLetters> {
    const keys = letters.map(({ key }) => key);
    const positions = await this.#positions(
      `SELECT position FROM dead_letters WHERE tenant = {tenant:String} AND key IN {keys:Array(String)}
       UNION DISTINCT
       SELECT position FROM repeats WHERE tenant = {tenant:String} AND kind = 'dead-letter' AND key IN {keys:Array(String)}`,
      { tenant, keys },
    );
    return { letters: keys, notes: [], positions };
  }

  async #notes(tenant: TenantId, notes: readonly z.infer<typeof noteRow>[]): Promise<ExpirableLetters> {
    if (notes.length === 0) return { letters: [], notes, positions: [] };
    const positions = await this.#positions(
      `SELECT position FROM redrives WHERE tenant = {tenant:String} AND ${NOTE} IN {pairs:Array(String)}
       UNION DISTINCT
       SELECT position FROM repeats WHERE tenant = {tenant:String} AND kind = 'note' AND ${REPEATED_NOTE} IN {pairs:Array(String)}`,
      { tenant, pairs: pairsOf(notes) },
    );
    return { letters: [], notes, positions };
  }

  async #positions(sql: string, values: SqlValues): Promise<readonly LogPosition[]> {
    return (await this.#warehouse.query(positionRow, sql, values)).map(({ position }) => position);
  }
}

function later(one: LogPosition, other: LogPosition): LogPosition {
  return Math.max(one, other);
}

function pairsOf(notes: ExpirableLetters['notes']): readonly string[] {
  return notes.map(({ letter, eventId }) => `${letter}\u001f${eventId}`);
}
