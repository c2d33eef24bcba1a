import type { ErasedSeals, LogEntry } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import {
  ERASED_LETTER,
  partKey,
  takersOf,
  type ForgettableRows,
  type ForgettableSession,
  type RestingFix,
  type SessionChanges,
} from '@heed/sessions';
import { z } from 'zod';
import { AT_ONCE, deleteRows } from './delete-rows.ts';
import { encodeRows } from './encode-rows.ts';
import { FILED_COLUMNS, filedCells } from './filed-rows.ts';
import { forgettableEntries } from './forgettable-entries.ts';
import { BASE_SESSION, UNDER_SEALS, VERDICT_KEY } from './forgetting-statements.ts';
import { WarehouseSessionStore } from './warehouse-session-store.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const session = z.string().transform(sessionId);
const sealedRow = z.object({ session, sealedBy: z.string(), receivedAtMs: z.coerce.number() });
const fixRow = z.object({ fix: z.string(), sessions: z.array(session) });
const sizeRow = z.object({ session, bytes: z.coerce.number() });
const labelsRow = z.object({ session, labels: z.coerce.number() });
const letterRow = z.object({ sealedBy: z.string(), receivedAtMs: z.coerce.number() });
const countRow = z.object({ count: z.coerce.number() });
const dayRow = z.object({ day: z.string() });
const partsRow = z.object({ session, part: z.coerce.number() });

/** Names that one statement is given at most. */
const NAMED_AT_ONCE = 10_000;

/** The rows of a warehouse that `migrateWarehouse` has prepared. Deleting writes the tables' files anew, without what is deleted. */
export class SqlForgettableRows implements ForgettableRows {
  readonly #warehouse: Warehouse;
  readonly #store: WarehouseSessionStore;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
    this.#store = new WarehouseSessionStore(warehouse);
  }

  async reach(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
    fixes: readonly RestingFix[],
  ): ReturnType<ForgettableRows['reach']> {
    // What is erased already may have been a turn.
    const rows = await this.#warehouse.query(
      sealedRow,
      `SELECT base AS session, sealed_by AS sealedBy, min(received_at_ms) AS receivedAtMs
       FROM
       (
           SELECT ${BASE_SESSION} AS base, sealed_by, received_at_ms FROM filed_events
           WHERE tenant = {tenant:String} AND ${UNDER_SEALS} AND (body_bytes = 0 OR position(body, 'heed.turn.') > 0)
       )
       GROUP BY base, sealed_by ORDER BY base`,
      sealValues(tenant, erasures),
    );
    const takers = takersOf(erasures);
    const reached = erasures.map(() => new Set<SessionId>());
    for (const row of rows) for (const place of takers(row)) reached[place]?.add(row.session);
    const resting = await this.#restingOn(tenant, [...new Set(rows.map((row) => row.session))], fixes);
    return reached.map((sessions) => ({
      sessions: [...sessions],
      fixes: resting.filter((fix) => fix.sessions.some((one) => sessions.has(one))).map(({ fix }) => fix),
    }));
  }

  async sessionsUnder(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): Promise<readonly ForgettableSession[]> {
    return this.#warehouse.query(
      sizeRow,
      `SELECT base AS session, sum(size) AS bytes
       FROM
       (
           SELECT ${BASE_SESSION} AS base, sum(body_bytes) AS size FROM filed_events
           WHERE tenant = {tenant:String}
             AND ${BASE_SESSION} IN (SELECT ${BASE_SESSION} FROM filed_events WHERE tenant = {tenant:String} AND ${UNDER_SEALS})
           GROUP BY base
           UNION ALL
           SELECT session AS base, 0 AS size FROM dead_letters
           WHERE tenant = {tenant:String} AND ${UNDER_SEALS} AND NOT ${VERDICT_KEY}
       )
       GROUP BY base ORDER BY base`,
      sealValues(tenant, erasures),
    );
  }

  async entriesOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<readonly LogEntry[]> {
    return forgettableEntries(this.#warehouse, tenant, sessions, await this.namesOf(tenant, sessions));
  }

  async labels(tenant: TenantId, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, number>> {
    const rows = await this.#warehouse.query(
      labelsRow,
      `SELECT session, count() AS labels FROM labels
       WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} GROUP BY session`,
      { tenant, sessions },
    );
    return new Map(rows.map(({ session: name, labels }) => [name, labels]));
  }

  /**
   * The events' new rows are there before the old ones go: whoever is cut off finds every event, in one of the two forms, and all else can be
   * derived from them again. The days that the sessions were counted under are marked before and after, as the store marks the new ones.
   */
  async replaceSessions(
    tenant: TenantId,
    sessions: readonly SessionId[],
    changes: readonly SessionChanges[],
  ): Promise<void> {
    const names = await this.namesOf(tenant, sessions);
    const days = await this.#warehouse.query(
      dayRow,
      'SELECT DISTINCT toString(day) AS day FROM sessions WHERE tenant = {tenant:String} AND session IN {names:Array(String)}',
      { tenant, names },
    );
    const marks = encodeRows(days.map(({ day }) => [tenant, day, 1]));
    await this.#warehouse.insert('day_marks', ['tenant', 'day', 'opened'], marks);
    await this.#replaceEvents(tenant, names, changes);
    const kept = changes.flatMap(({ deadLetters }) => deadLetters.map(({ key }) => key));
    await this.#delete('sessions', 'session IN {names:Array(String)}', { tenant, names });
    await this.#delete('session_places', 'session IN {names:Array(String)}', { tenant, names });
    await this.#delete('repeats', "kind = 'event' AND scope IN {names:Array(String)}", { tenant, names });
    for (const change of changes) await this.#store.apply({ ...change, filed: [] });
    await this.#delete(
      'dead_letters',
      `session IN {names:Array(String)} AND NOT ${VERDICT_KEY} AND key NOT IN {kept:Array(String)}`,
      { tenant, names, kept },
    );
    await this.#warehouse.insert('day_marks', ['tenant', 'day', 'closed'], marks);
  }

  async eraseLetters(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): ReturnType<ForgettableRows['eraseLetters']> {
    const taken = `tenant = {tenant:String} AND ${UNDER_SEALS} AND ${VERDICT_KEY} AND body != ''`;
    const values = sealValues(tenant, erasures);
    const letters = await this.#warehouse.query(
      letterRow,
      `SELECT sealed_by AS sealedBy, received_at_ms AS receivedAtMs FROM dead_letters FINAL WHERE ${taken}`,
      values,
    );
    if (letters.length > 0) {
      await this.#warehouse.execute(
        `ALTER TABLE dead_letters UPDATE body = '', event_id = '', event_type = '', detail = {detail:String}, remedy = {remedy:String}
         WHERE ${taken} ${AT_ONCE}`,
        { ...values, ...ERASED_LETTER },
      );
    }
    return letters;
  }

  /** The fixes of these whose two states stand in one of the sessions, and in which. */
  async #restingOn(
    tenant: TenantId,
    sessions: readonly SessionId[],
    fixes: readonly RestingFix[],
  ): Promise<readonly z.infer<typeof fixRow>[]> {
    if (fixes.length === 0) return [];
    const resting: z.infer<typeof fixRow>[] = [];
    for (let start = 0; start < sessions.length; start += NAMED_AT_ONCE) {
      const names = await this.namesOf(tenant, sessions.slice(start, start + NAMED_AT_ONCE));
      const found = await this.#warehouse.query(
        fixRow,
        `SELECT fix, groupUniqArray(base) AS sessions
         FROM
         (
             SELECT ${BASE_SESSION} AS base, \`steps.state\` AS states
             FROM sessions FINAL WHERE tenant = {tenant:String} AND session IN {names:Array(String)}
         )
         ARRAY JOIN {fixes:Array(String)} AS fix, {froms:Array(String)} AS from_state, {tos:Array(String)} AS to_state
         WHERE has(states, from_state) AND has(states, to_state) GROUP BY fix ORDER BY fix`,
        {
          ...{ tenant, names },
          fixes: fixes.map(({ fix }) => fix),
          froms: fixes.map(({ fromState }) => fromState),
          tos: fixes.map(({ toState }) => toState),
        },
      );
      resting.push(...found);
    }
    return resting;
  }

  async #replaceEvents(
    tenant: TenantId,
    names: readonly string[],
    changes: readonly SessionChanges[],
  ): Promise<void> {
    const rewritten =
      1 +
      (await this.#count(
        'SELECT max(rewritten) AS count FROM filed_events WHERE tenant = {tenant:String} AND session IN {names:Array(String)}',
        { tenant, names },
      ));
    for (const { filed } of changes) {
      const rows = encodeRows(filed.map((event) => [...filedCells(event), rewritten]));
      await this.#warehouse.insert('filed_events', [...FILED_COLUMNS, 'rewritten'], rows);
    }
    await this.#delete(
      'filed_events',
      'session IN {names:Array(String)} AND rewritten < {rewritten:UInt64}',
      {
        ...{ tenant, names, rewritten },
      },
    );
  }

  /** The names under which there is something of these sessions: each session's own, and those of its further parts. */
  async namesOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<readonly string[]> {
    const places = await this.#warehouse.query(
      partsRow,
      `SELECT session, max(part) AS part FROM session_places
       WHERE tenant = {tenant:String} AND session IN {sessions:Array(String)} GROUP BY session`,
      { tenant, sessions },
    );
    const further = places.flatMap(({ session, part }) =>
      Array.from({ length: part }, (_, index) => partKey(session, index + 1)),
    );
    return [...sessions, ...further];
  }

  async #count(sql: string, values: SqlValues): Promise<number> {
    const [row] = await this.#warehouse.query(countRow, sql, values);
    return row?.count ?? 0;
  }

  #delete(table: string, condition: string, values: SqlValues): Promise<void> {
    return deleteRows(this.#warehouse, table, `tenant = {tenant:String} AND ${condition}`, values);
  }
}

/** One list for all of them: a seal under which several take entries up to a moment takes them up to the last of these. */
function sealValues(tenant: TenantId, erasures: readonly ErasedSeals[]): SqlValues {
  const dated = new Map<string, number>();
  for (const { dated: seals, upToMs } of erasures)
    for (const seal of seals) dated.set(seal, Math.max(upToMs, dated.get(seal) ?? upToMs));
  return {
    tenant,
    destroyed: [...new Set(erasures.flatMap(({ destroyed }) => destroyed))],
    dated: [...dated.keys()],
    beforeMs: [...dated.values()].map((upToMs) => BigInt(upToMs + 1)),
  };
}
