import type { ErasedSeals } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import {
  ERASED_LETTER,
  takersOf,
  type ForgettableRows,
  type ForgettableSession,
  type ProjectPiece,
  type RestingFix,
} from '@heed/sessions';
import { z } from 'zod';
import { AT_ONCE } from './delete-rows.ts';
import { BASE_SESSION, UNDER_SEALS, VERDICT_KEY } from './forgetting-statements.ts';
import { rewriteSessions } from './rewrite-sessions.ts';
import { sealValues } from './seal-values.ts';
import type { Warehouse } from './warehouse.ts';

const session = z.string().transform(sessionId);
const sealedRow = z.object({ session, sealedBy: z.string(), receivedAtMs: z.coerce.number() });
const fixRow = z.object({ fix: z.string(), sessions: z.array(session) });
const sizeRow = z.object({ session, bytes: z.coerce.number() });
const labelsRow = z.object({ session, labels: z.coerce.number() });
const letterRow = z.object({
  sealedBy: z.string(),
  receivedAtMs: z.coerce.number(),
  position: z.coerce.number(),
});
const nameRow = z.object({ session: z.string() });
/** Of what was erased before its name was kept nothing tells whether it was a turn; nor of a text whose sender escapes letters. */
const MAY_BE_TURN = `(event_name = 'turn' OR (event_name = '' AND (body_bytes = 0 OR position(body, 'heed.turn.') > 0 OR position(body, '\\\\u') > 0)))`;

const LABELS_GIVEN = ['reformulation', 'follow_up', 'outcome']
  .map((label) => `arrayCount(value -> value != '', \`turns.${label}\`)`)
  .join(' + ');

/** Names that one statement is given at most. */
const NAMED_AT_ONCE = 10_000;

export interface RowBounds {
  /** Seals that one statement is given at most. */
  readonly sealsAtOnce?: number;
  /** Of what the log holds of sessions, that is in memory together. */
  readonly bytesPerPiece?: number;
}

/** The rows of a warehouse that `migrateWarehouse` has prepared. Deleting writes the tables' files anew, without what is deleted. */
export class SqlForgettableRows implements ForgettableRows {
  readonly #warehouse: Warehouse;
  readonly #bounds: RowBounds;

  constructor(warehouse: Warehouse, bounds: RowBounds = {}) {
    this.#warehouse = warehouse;
    this.#bounds = bounds;
  }

  async reach(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
    fixes: readonly RestingFix[],
  ): ReturnType<ForgettableRows['reach']> {
    const rows = await this.#under(
      erasures,
      tenant,
      sealedRow,
      `SELECT base AS session, sealed_by AS sealedBy, min(received_at_ms) AS receivedAtMs
       FROM
       (
           SELECT ${BASE_SESSION} AS base, sealed_by, received_at_ms FROM filed_events
           WHERE tenant = {tenant:String} AND ${UNDER_SEALS} AND ${MAY_BE_TURN}
       )
       GROUP BY base, sealed_by ORDER BY base`,
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
    const found = await this.#under(
      erasures,
      tenant,
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
    );
    // What two pieces of the seals reach is a session all the same.
    return [...new Map(found.map((one) => [one.session, one])).values()];
  }

  async rewrite(tenant: TenantId, sessions: readonly SessionId[], project: ProjectPiece): Promise<void> {
    const names = await this.#namesOf(tenant, sessions);
    await rewriteSessions(this.#warehouse, tenant, names, project, this.#bounds.bytesPerPiece);
  }

  /** As the view `labels` has them, which would read every session of the tenant whole to find these. */
  async labels(tenant: TenantId, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, number>> {
    const names = await this.#namesOf(tenant, sessions);
    const rows = await this.#warehouse.query(
      labelsRow,
      `SELECT base AS session, sum(given) AS labels
       FROM
       (
           SELECT ${BASE_SESSION} AS base, ${LABELS_GIVEN} AS given
           FROM sessions FINAL WHERE tenant = {tenant:String} AND session IN {names:Array(String)}
       )
       GROUP BY base HAVING labels > 0`,
      { tenant, names },
    );
    return new Map(rows.map(({ session: name, labels }) => [name, labels]));
  }

  async eraseLetters(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): ReturnType<ForgettableRows['eraseLetters']> {
    const taken = `tenant = {tenant:String} AND ${UNDER_SEALS} AND ${VERDICT_KEY} AND body != ''`;
    const erased: z.infer<typeof letterRow>[] = [];
    for (const values of sealValues(tenant, erasures, this.#bounds.sealsAtOnce)) {
      const letters = await this.#warehouse.query(
        letterRow,
        `SELECT sealed_by AS sealedBy, received_at_ms AS receivedAtMs, position FROM dead_letters FINAL WHERE ${taken}`,
        values,
      );
      if (letters.length === 0) continue;
      await this.#warehouse.execute(
        `ALTER TABLE dead_letters UPDATE body = '', event_id = '', event_type = '', detail = {detail:String}, remedy = {remedy:String}
         WHERE ${taken} ${AT_ONCE}`,
        { ...values, ...ERASED_LETTER },
      );
      for (const letter of letters) erased.push(letter);
    }
    return erased;
  }

  /** The rows of a statement about `UNDER_SEALS`, which is asked for as many of the seals at a time as it can be given. */
  async #under<Row>(
    erasures: readonly ErasedSeals[],
    tenant: TenantId,
    row: z.ZodType<Row>,
    sql: string,
  ): Promise<readonly Row[]> {
    const found: Row[] = [];
    for (const values of sealValues(tenant, erasures, this.#bounds.sealsAtOnce))
      for (const one of await this.#warehouse.query(row, sql, values)) found.push(one);
    return found;
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
      const names = await this.#namesOf(tenant, sessions.slice(start, start + NAMED_AT_ONCE));
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

  /**
   * The names under which there is something of these sessions: each session's own, and those of its further parts. As the events themselves tell it:
   * where events went may be gone already from the table that says so.
   */
  async #namesOf(tenant: TenantId, sessions: readonly SessionId[]): Promise<readonly string[]> {
    const rows = await this.#warehouse.query(
      nameRow,
      `SELECT session FROM filed_events WHERE tenant = {tenant:String} AND ${BASE_SESSION} IN {sessions:Array(String)}
       UNION DISTINCT
       SELECT session FROM sessions WHERE tenant = {tenant:String} AND ${BASE_SESSION} IN {sessions:Array(String)}`,
      { tenant, sessions },
    );
    return [...new Set([...sessions, ...rows.map(({ session: name }) => name)])];
  }
}
