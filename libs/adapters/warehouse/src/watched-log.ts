import { NO_LIMITS, parseEvent } from '@heed/events';
import { tenantId, turnId, type TenantId } from '@heed/kernel';
import {
  RECENT_DAYS,
  type ObservedTurn,
  type Reading,
  type RetractedReaction,
  type WatchedLog,
} from '@heed/rewards';
import { retractedReactions, sessionOfPart, type FiledEvent, type SessionEvent } from '@heed/sessions';
import { z } from 'zod';
import { observedTurnsOf } from './observed-turns.ts';
import { filedOf } from './read-filed-events.ts';
import type { Warehouse } from './warehouse.ts';

const tenantRow = z.object({ tenant: z.string() });
const nameRow = z.object({ session: z.string() });
const sizeRow = nameRow.extend({ turns: z.coerce.number() });

/** Nothing but its text tells of an event that was filed before its name was; nor of a sender who escapes letters. */
const MAY_RETRACT = `(event_name IN ('reaction', '') AND (position(body, 'retracts') > 0 OR position(body, '\\\\u') > 0))`;

const DAY_MS = 86_400_000;

/** Sessions read at once: some thousand turns, or some thousand events as they were filed. */
const SESSIONS_AT_ONCE = { turns: 500, filed: 50 };

/** What is recent, the sessions tell as they were derived; what was taken back, only the events as they were filed: a session holds what stands. */
export class WarehouseWatchedLog implements WatchedLog {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  async tenants(): Promise<readonly TenantId[]> {
    const rows = await this.#warehouse.query(
      tenantRow,
      'SELECT DISTINCT tenant FROM sessions ORDER BY tenant',
      {},
    );
    return rows.map(({ tenant }) => tenantId(tenant));
  }

  /** Reads whole sessions until they have as many turns; the turns of a session more may be held. */
  async recent(
    tenant: TenantId,
    reading: Reading,
    sinceMs: number,
    most: number,
  ): Promise<readonly ObservedTurn[]> {
    const recent = await this.#warehouse.query(
      sizeRow,
      `SELECT session, length(turns.id) AS turns FROM sessions FINAL
       WHERE tenant = {tenant:String} AND notEmpty(turns.id) AND ended_at_ms > greatest({sinceMs:Int64},
         (SELECT max(ended_at_ms) FROM sessions WHERE tenant = {tenant:String}) - {recentMs:Int64})
       ORDER BY cityHash64(session), session LIMIT {most:UInt64}`,
      { tenant, sinceMs, most, recentMs: RECENT_DAYS * DAY_MS },
    );
    let turns = 0;
    const enough = recent.filter(({ turns: own }) => {
      const isWanted = turns < most;
      turns += own;
      return isWanted;
    });
    const found: ObservedTurn[] = [];
    for (const some of inPieces(enough, SESSIONS_AT_ONCE.turns)) {
      const names = some.map(({ session }) => session);
      for (const turn of await observedTurnsOf(this.#warehouse, tenant, names, reading))
        if (turn.atMs > sinceMs) found.push(turn);
    }
    return found.slice(0, most).sort((a, b) => a.atMs - b.atMs || (a.event < b.event ? -1 : 1));
  }

  async *retracted(tenant: TenantId): AsyncGenerator<readonly RetractedReaction[]> {
    const sessions = await this.#warehouse.query(
      nameRow,
      `SELECT DISTINCT session FROM filed_events WHERE tenant = {tenant:String} AND ${MAY_RETRACT} ORDER BY session`,
      { tenant },
    );
    for (const some of inPieces(sessions, SESSIONS_AT_ONCE.filed)) {
      const names = some.map(({ session }) => session);
      const filed = await filedOf(this.#warehouse, tenant, names);
      yield [...Map.groupBy(filed, ({ session }) => session)].flatMap(([part, own]) =>
        [...retractedReactions(own.flatMap(reactionIn)).values()].map(({ id, data }) => ({
          event: id,
          kind: data.kind,
          session: sessionOfPart(part),
          turn: turnId(data.turn),
        })),
      );
    }
  }
}

/** None of what was erased. */
function reactionIn({ body, eventName = '', receivedAtMs, position }: FiledEvent): readonly SessionEvent[] {
  if (body === '' || !['reaction', ''].includes(eventName)) return [];
  const parsed = parseEvent(body, { receivedAtMs, limits: NO_LIMITS });
  return parsed.ok ? [{ event: parsed.value, position }] : [];
}

function* inPieces<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
