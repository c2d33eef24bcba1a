import type { TenantId, TurnId } from '@heed/kernel';
import { observeSession, type ObservedTurn, type ObservedTurns, type Reading } from '@heed/rewards';
import { sessionOfPart, withRuledDefects } from '@heed/sessions';
import { givenAnswersOf, NONE_APART } from './read-given-answers.ts';
import {
  SESSION_TURNS,
  sessionTurnsRow,
  TEXT_BYTES_AT_ONCE,
  turnsIn,
  upToTextBytes,
  type SessionTurnsRow,
} from './session-turns.ts';
import type { Warehouse } from './warehouse.ts';

/** What is read at once: some thousand turns, and of long texts fewer; a session alone is always read whole. */
const AT_ONCE = { sessions: 500, textBytes: TEXT_BYTES_AT_ONCE };

/**
 * The turns of sessions as they were derived, in the order of the table: what it costs grows with the turns. What a turn's answer was when somebody
 * reacted, only the events tell: those of sessions that had an answer sent on its own are read as they were filed.
 */
export class WarehouseObservedTurns implements ObservedTurns {
  readonly #warehouse: Warehouse;
  readonly #atOnce: typeof AT_ONCE;

  constructor(warehouse: Warehouse, atOnce = AT_ONCE) {
    this.#warehouse = warehouse;
    this.#atOnce = atOnce;
  }

  async *read(tenant: TenantId, reading: Reading): AsyncGenerator<readonly ObservedTurn[]> {
    let after = '';
    for (;;) {
      const rows = await this.#sessionsAfter(tenant, after);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield await observedIn(this.#warehouse, tenant, rows, reading);
      after = last.part;
    }
  }

  #sessionsAfter(tenant: TenantId, after: string): Promise<readonly SessionTurnsRow[]> {
    return this.#warehouse.query(
      sessionTurnsRow,
      upToTextBytes(
        SESSION_TURNS,
        `sessions FINAL WHERE tenant = {tenant:String} AND session > {after:String} AND notEmpty(turns.id)
         ORDER BY session LIMIT {sessions:UInt64}`,
      ),
      { tenant, after, ...this.#atOnce },
    );
  }
}

/** The turns of these sessions, or parts of one. */
export async function observedTurnsOf(
  warehouse: Warehouse,
  tenant: TenantId,
  parts: readonly string[],
  reading: Reading,
): Promise<readonly ObservedTurn[]> {
  return observedIn(warehouse, tenant, await rowsOf(warehouse, tenant, parts), reading);
}

/** What stands of a turn, as either reading observes it. */
interface StandingReactions {
  readonly turn: TurnId;
  readonly answer: ObservedTurn['reactions'];
  readonly aftermath: ObservedTurn['reactions'];
}

/** Of the turns of these sessions, or parts of one: by the part, then by the turn. */
export async function standingReactionsOf(
  warehouse: Warehouse,
  tenant: TenantId,
  parts: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, StandingReactions>>> {
  const rows = await rowsOf(warehouse, tenant, parts);
  const answers = await givenAnswersOf(warehouse, tenant, parts);
  return new Map(
    rows.map((row) => {
      const observed = (reading: Reading): readonly ObservedTurn[] =>
        observeSession(sessionOfPart(row.part), turnsIn(row), answers.get(row.part) ?? NONE_APART, reading);
      const aftermath = observed('aftermath');
      const standing = observed('answer').map(
        ({ turn, reactions }, at): readonly [string, StandingReactions] => [
          turn,
          { turn, answer: reactions, aftermath: aftermath[at]?.reactions ?? [] },
        ],
      );
      return [row.part, new Map(standing)];
    }),
  );
}

function rowsOf(
  warehouse: Warehouse,
  tenant: TenantId,
  parts: readonly string[],
): Promise<readonly SessionTurnsRow[]> {
  return warehouse.query(
    sessionTurnsRow,
    `SELECT ${SESSION_TURNS} FROM sessions FINAL
     WHERE tenant = {tenant:String} AND session IN {parts:Array(String)} AND notEmpty(turns.id) ORDER BY session`,
    { tenant, parts },
  );
}

async function observedIn(
  warehouse: Warehouse,
  tenant: TenantId,
  rows: readonly SessionTurnsRow[],
  reading: Reading,
): Promise<readonly ObservedTurn[]> {
  const parts = rows.map(({ part }) => part);
  const answers = await givenAnswersOf(warehouse, tenant, parts);
  return rows.flatMap((row) => {
    const turns = turnsIn(row);
    // What the rules say is asked where it is held against a model alone: it takes reading each request again.
    const ruled = reading === 'aftermath' ? withRuledDefects(turns) : turns;
    return observeSession(sessionOfPart(row.part), ruled, answers.get(row.part) ?? NONE_APART, reading);
  });
}
