import type { LogEntry } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import {
  type ErasureTallies,
  type ForgettableRows,
  type ForgettableSession,
  type NamedErasure,
  takersOf,
  type WarehouseForgetting,
} from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectApart } from './project-apart.ts';
import { readEntry } from './read-entry.ts';

/** Sessions that are taken out and put back together: a table is written anew for each lot. */
const AT_ONCE = { sessions: 1000, bytes: 32 * 1024 * 1024 };

/** The ids of those who take an entry, in the order in which they were asked for. */
type TakenBy = (entry: Pick<LogEntry, 'sealedBy' | 'receivedAtMs'>) => readonly string[];

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
    erasures: readonly NamedErasure[],
    tallies: ErasureTallies,
  ): ReturnType<WarehouseForgetting['forget']> {
    const takers = takersOf(erasures);
    const takenBy: TakenBy = (entry) => takers(entry).flatMap((place) => erasures[place]?.id ?? []);
    const sessions = await this.#rows.sessionsUnder(tenant, erasures);
    for (const letter of await this.#rows.eraseLetters(tenant, erasures)) {
      const [first] = takenBy(letter);
      if (first !== undefined) tallies.noteEvent(first, letter.position);
    }
    for (const some of lotsOf(sessions)) {
      tallies.noteLabels(some, await this.#rows.labels(tenant, some));
      await this.#forgetIn(tenant, some, takenBy, tallies);
      tallies.noteLabels(some, await this.#rows.labels(tenant, some));
    }
  }

  #forgetIn(
    tenant: TenantId,
    sessions: readonly SessionId[],
    takenBy: TakenBy,
    tallies: ErasureTallies,
  ): Promise<void> {
    return this.#rows.rewrite(tenant, sessions, async (piece, store) => {
      const left = piece.map((entry): LogEntry => {
        const takers = takenBy(entry);
        for (const taker of takers) tallies.noteSession(taker, sessionId(entry.session));
        const [first] = takers;
        if (first === undefined || entry.unread === 'erased') return entry;
        tallies.noteEvent(first, entry.position);
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
