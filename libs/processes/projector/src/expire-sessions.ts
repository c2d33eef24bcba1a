import type { LogEntry } from '@heed/events';
import { sessionId, type SessionId, type TenantId } from '@heed/kernel';
import { expiredBefore, type ExpiredCounts, type Horizon, type WarehouseExpiry } from '@heed/retention';
import type { AgedSession, ExpirableRows } from '@heed/sessions';
import type { ProjectionRules } from './derive-touched.ts';
import { projectApart } from './project-apart.ts';

/** Sessions looked at together, and dead letters removed together: their names must fit into one statement. */
const PAGE = 10_000;

/** Entries whose places in the log are in memory together: sessions of so many, or one that has more. */
const PLACES_AT_ONCE = 500_000;

/** Sessions that are taken out and put back together. */
const REWRITTEN_AT_ONCE = 200;

/** Lets go of places in the log, or of their count, before what was made of them goes. Repeating it changes nothing. */
export type LetGo = (tenant: TenantId, positions: readonly number[]) => Promise<unknown>;

/**
 * Removes what horizons take. Nearly always that is whole sessions. One that came to life again after it had expired, and of which the old part is
 * there once more (the log still had it), is read again without that part, by the way that built it.
 */
export class ExpireSessions implements WarehouseExpiry {
  readonly #rows: ExpirableRows;
  readonly #rules: ProjectionRules;
  readonly #letGo: LetGo;

  constructor(rows: ExpirableRows, rules: ProjectionRules, letGo: LetGo) {
    this.#rows = rows;
    this.#rules = rules;
    this.#letGo = letGo;
  }

  newestReceivedMs(tenant: TenantId): Promise<number | null> {
    return this.#rows.newestReceivedMs(tenant);
  }

  receivedDaysMs(tenant: TenantId): Promise<readonly number[]> {
    return this.#rows.receivedDaysMs(tenant);
  }

  async expire(tenant: TenantId, horizons: readonly Horizon[]): Promise<ExpiredCounts> {
    const beforeMs = horizons.reduce((latest, { horizonMs }) => Math.max(latest, horizonMs), 0);
    if (beforeMs === 0) return { sessions: 0, deadLetters: 0, entries: 0 };
    const sessions = await this.#expireSessions(tenant, beforeMs, horizons);
    const letters = await this.#expireLetters(tenant, beforeMs);
    return {
      sessions: sessions.sessions,
      deadLetters: letters.deadLetters,
      entries: sessions.entries + letters.entries,
    };
  }

  async #expireSessions(
    tenant: TenantId,
    beforeMs: number,
    horizons: readonly Horizon[],
  ): Promise<{ readonly sessions: number; readonly entries: number }> {
    let [sessions, entries, after] = [0, 0, ''];
    for (;;) {
      const page = await this.#rows.sessionsBefore(tenant, beforeMs, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return { sessions, entries };
      after = last.session;
      const silent = page.filter(({ newestMs }) => newestMs < beforeMs);
      const others = page.filter(({ newestMs }) => newestMs >= beforeMs).map(({ session }) => session);
      for (const some of lotsOf(silent)) entries += await this.#removeWhole(tenant, some);
      sessions += silent.length;
      const begunAgain = await this.#removeOldParts(tenant, others, horizons);
      entries += begunAgain.entries;
      sessions += begunAgain.sessions;
    }
  }

  async #removeWhole(tenant: TenantId, sessions: readonly SessionId[]): Promise<number> {
    const positions = await this.#rows.positionsOf(tenant, sessions);
    const all = [...positions.values()].flat();
    await this.#letGo(tenant, all);
    await this.#rows.removeSessions(tenant, positions);
    return all.length;
  }

  async #removeOldParts(
    tenant: TenantId,
    sessions: readonly SessionId[],
    horizons: readonly Horizon[],
  ): Promise<{ readonly sessions: number; readonly entries: number }> {
    if (sessions.length === 0) return { sessions: 0, entries: 0 };
    const received = await this.#rows.receivedMs(tenant, sessions);
    const cuts = new Map(
      [...received]
        .map(([session, times]) => [session, expiredBefore(times, horizons)] as const)
        .filter(([, cutMs]) => cutMs > 0),
    );
    const begunAgain = [...cuts.keys()];
    let entries = 0;
    for (let start = 0; start < begunAgain.length; start += REWRITTEN_AT_ONCE) {
      const some = begunAgain.slice(start, start + REWRITTEN_AT_ONCE);
      const isExpired = ({ session, receivedAtMs }: LogEntry): boolean =>
        receivedAtMs < (cuts.get(sessionId(session)) ?? 0);
      entries += await this.#rewrite(tenant, some, isExpired);
    }
    return { sessions: begunAgain.length, entries };
  }

  async #rewrite(
    tenant: TenantId,
    sessions: readonly SessionId[],
    isExpired: (entry: LogEntry) => boolean,
  ): Promise<number> {
    let entries = 0;
    await this.#rows.rewrite(tenant, sessions, async (piece, store) => {
      const positions = piece.filter(isExpired).map(({ position }) => position);
      await this.#letGo(tenant, positions);
      entries += positions.length;
      await projectApart(
        piece.filter((entry) => !isExpired(entry)),
        store,
        this.#rules,
      );
    });
    return entries;
  }

  async #expireLetters(
    tenant: TenantId,
    beforeMs: number,
  ): Promise<{ readonly deadLetters: number; readonly entries: number }> {
    let [deadLetters, entries] = [0, 0];
    for (;;) {
      const some = await this.#rows.lettersBefore(tenant, beforeMs, PAGE);
      if (some.positions.length === 0) return { deadLetters, entries };
      await this.#letGo(tenant, some.positions);
      await this.#rows.removeLetters(tenant, some);
      deadLetters += some.letters.length;
      entries += some.positions.length;
    }
  }
}

function* lotsOf(sessions: readonly AgedSession[]): Generator<readonly SessionId[]> {
  let lot: SessionId[] = [];
  let places = 0;
  for (const { session, entries } of sessions) {
    if (lot.length > 0 && places + entries > PLACES_AT_ONCE) {
      yield lot;
      lot = [];
      places = 0;
    }
    lot.push(session);
    places += entries;
  }
  if (lot.length > 0) yield lot;
}
