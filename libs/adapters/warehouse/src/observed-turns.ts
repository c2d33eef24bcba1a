import { eventId, sessionId, turnId, userId, type SessionId, type TenantId } from '@heed/kernel';
import {
  observeSession,
  type ObservedTurn,
  type ObservedTurns,
  type Reading,
  type SessionTurn,
} from '@heed/rewards';
import { z } from 'zod';
import { givenAnswersOf, type GivenAnswers } from './read-given-answers.ts';
import type { Warehouse } from './warehouse.ts';

const texts = z.array(z.string());
const times = z.array(z.coerce.number());
const sessionRow = z.object({
  part: z.string(),
  ids: texts,
  events: texts,
  atMs: times,
  users: texts,
  requests: texts,
  responses: texts,
  latencies: z.array(z.coerce.number().nullable()),
  locales: texts,
  surfaces: texts,
  signalTurns: texts,
  signalEvents: texts,
  signalKinds: texts,
  signalAtMs: times,
  signalUsers: texts,
});
type SessionRow = z.infer<typeof sessionRow>;

/** Sessions read at once: some thousand turns. */
const SESSIONS_AT_ONCE = 500;
/** Every answer came with its turn. */
const NONE_APART: GivenAnswers = new Map();

/**
 * The turns of sessions as they were derived, in the order of the table: what it costs grows with the turns. What a turn's answer was when somebody
 * reacted, only the events tell: those of sessions that had an answer sent on its own are read as they were filed.
 */
export class WarehouseObservedTurns implements ObservedTurns {
  readonly #warehouse: Warehouse;
  readonly #sessionsAtOnce: number;

  constructor(warehouse: Warehouse, sessionsAtOnce = SESSIONS_AT_ONCE) {
    this.#warehouse = warehouse;
    this.#sessionsAtOnce = sessionsAtOnce;
  }

  async *read(tenant: TenantId, reading: Reading): AsyncGenerator<readonly ObservedTurn[]> {
    let after = '';
    for (;;) {
      const rows = await this.#sessionsAfter(tenant, after);
      const last = rows.at(-1);
      if (last === undefined) return;
      const parts = rows.map(({ part }) => part);
      const answers = await givenAnswersOf(this.#warehouse, tenant, parts);
      yield rows.flatMap((row) =>
        observeSession(sessionOf(row), turnsIn(row), answers.get(row.part) ?? NONE_APART, reading),
      );
      after = last.part;
    }
  }

  #sessionsAfter(tenant: TenantId, after: string): Promise<readonly SessionRow[]> {
    return this.#warehouse.query(
      sessionRow,
      `SELECT session AS part, turns.id AS ids, turns.event AS events, turns.at_ms AS atMs, turns.user AS users,
              turns.request AS requests, turns.response AS responses, turns.latency_ms AS latencies, turns.locale AS locales,
              turns.surface AS surfaces, signals.turn AS signalTurns, signals.event AS signalEvents, signals.kind AS signalKinds,
              signals.at_ms AS signalAtMs, signals.user AS signalUsers
       FROM sessions FINAL
       WHERE tenant = {tenant:String} AND session > {after:String} AND notEmpty(turns.id)
       ORDER BY session LIMIT {limit:UInt64}`,
      { tenant, after, limit: this.#sessionsAtOnce },
    );
  }
}

/** Of the session whichever part of it the row is. */
function sessionOf({ part }: SessionRow): SessionId {
  return sessionId(part.split('\u001f')[0] ?? '');
}

/** An absent text is '' in the warehouse. */
function turnsIn(row: SessionRow): readonly SessionTurn[] {
  const signals = Map.groupBy(row.signalTurns.keys(), (at) => row.signalTurns[at] ?? '');
  return row.ids.map((id, at) => {
    const [user, locale, surface] = [row.users[at] ?? '', row.locales[at] ?? '', row.surfaces[at] ?? ''];
    const latencyMs = row.latencies[at] ?? null;
    return {
      turn: turnId(id),
      event: eventId(row.events[at] ?? ''),
      atMs: row.atMs[at] ?? 0,
      ...(user !== '' && { user: userId(user) }),
      request: row.requests[at] ?? '',
      response: row.responses[at] ?? '',
      ...(latencyMs !== null && { latencyMs }),
      ...(locale !== '' && { locale }),
      ...(surface !== '' && { surface }),
      signals: (signals.get(id) ?? []).map((signal) => signalIn(row, signal)),
    };
  });
}

function signalIn(row: SessionRow, at: number): SessionTurn['signals'][number] {
  const user = row.signalUsers[at] ?? '';
  return {
    event: eventId(row.signalEvents[at] ?? ''),
    kind: row.signalKinds[at] ?? '',
    atMs: row.signalAtMs[at] ?? 0,
    ...(user !== '' && { user: userId(user) }),
  };
}
