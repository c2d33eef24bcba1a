import type { ErasedSeals, LogEntry } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import {
  type ForgettableRows,
  type ForgettableSession,
  takersOf,
  type WarehouseForgetting,
} from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectApart } from './project-apart.ts';
import { readEntry } from './read-entry.ts';

/** Sessions that are taken out and put back together: a table is written anew for each lot. */
const AT_ONCE = { sessions: 1000, bytes: 32 * 1024 * 1024 };

/** What an erasure has come to so far. */
interface Tally {
  readonly sessions: Set<SessionId>;
  events: number;
  labels: number;
}

/** Those who take an entry, in the order in which they were asked for. */
type TakenBy = (entry: Pick<LogEntry, 'sealedBy' | 'receivedAtMs'>) => readonly Tally[];

/**
 * Forgets by projecting again: the affected sessions are read from what the warehouse holds of the log, without what is erased, as if nothing were
 * known of them. So they come out as a replay would have them.
 */
export class ForgetSessions implements WarehouseForgetting {
  readonly #rows: ForgettableRows;
  readonly #rules: ProjectionRules;

  constructor(rows: ForgettableRows, rules: ProjectionRules) {
    this.#rows = rows;
    this.#rules = rules;
  }

  reach(...asked: Parameters<WarehouseForgetting['reach']>): ReturnType<WarehouseForgetting['reach']> {
    return this.#rows.reach(...asked);
  }

  async forget(
    tenant: TenantId,
    erasures: readonly ErasedSeals[],
  ): ReturnType<WarehouseForgetting['forget']> {
    const tallies = erasures.map((): Tally => ({ sessions: new Set(), events: 0, labels: 0 }));
    const takers = takersOf(erasures);
    const takenBy: TakenBy = (entry) => takers(entry).flatMap((place) => tallies[place] ?? []);
    const sessions = await this.#rows.sessionsUnder(tenant, erasures);
    for (const letter of await this.#rows.eraseLetters(tenant, erasures)) noteErased(takenBy(letter));
    for (const some of lotsOf(sessions)) {
      const before = await this.#rows.labels(tenant, some);
      await this.#forgetIn(tenant, some, takenBy);
      const after = await this.#rows.labels(tenant, some);
      for (const [session, labels] of before) {
        const taker = tallies.find((tally) => tally.sessions.has(session));
        if (taker !== undefined) taker.labels += Math.max(0, labels - (after.get(session) ?? 0));
      }
    }
    return tallies.map(({ events, labels, sessions: { size } }) => ({ events, labels, sessions: size }));
  }

  #forgetIn(tenant: TenantId, sessions: readonly SessionId[], takenBy: TakenBy): Promise<void> {
    return this.#rows.rewrite(tenant, sessions, async (piece, store) => {
      const left = piece.map((entry): LogEntry => {
        const takers = takenBy(entry);
        for (const { sessions: touched } of takers) touched.add(sessionId(entry.session));
        if (takers.length === 0 || entry.unread === 'erased') return entry;
        noteErased(takers);
        return erased(entry);
      });
      await projectApart(left, store, this.#rules);
    });
  }
}

/** What kind of event it was is kept: by this a later erasure tells whether it reaches the session. */
function erased(entry: LogEntry): LogEntry {
  const read = entry.eventName === undefined ? readEntry(entry) : undefined;
  const eventName = read?.fate === 'event' ? read.event.name : entry.eventName;
  return { ...entry, body: '', unread: 'erased', ...(eventName !== undefined && { eventName }) };
}

/** Counted to the first that takes it. */
function noteErased([taker]: readonly Tally[]): void {
  if (taker !== undefined) taker.events += 1;
}

/** Sessions whose bodies fit into memory together; one that does not comes alone. */
function* lotsOf(sessions: readonly ForgettableSession[]): Generator<readonly SessionId[]> {
  let lot: SessionId[] = [];
  let lotBytes = 0;
  for (const { session, bytes } of sessions) {
    if (lot.length > 0 && (lot.length >= AT_ONCE.sessions || lotBytes + bytes > AT_ONCE.bytes)) {
      yield lot;
      lot = [];
      lotBytes = 0;
    }
    lot.push(session);
    lotBytes += bytes;
  }
  if (lot.length > 0) yield lot;
}
