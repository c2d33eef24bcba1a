import { fixId, type TenantId } from '@heed/kernel';
import type {
  ChainCounts,
  ChainStore,
  MiningWindow,
  PairEvidence,
  ServedCounts,
  ServingFix,
  StatePair,
  StateText,
  WindowTotals,
} from '@heed/mining';
import type { ChainEnd, DerivedSession } from '@heed/sessions';
import type { InMemorySessionStore } from './in-memory-session-store.ts';

/** How many sessions took each step on one day: from a state's name to another's, or to an end. */
type DayCounts = ReadonlyMap<
  string,
  { readonly from: string; readonly to: string | EndOf; readonly times: number }
>;
interface EndOf {
  readonly end: ChainEnd;
}

const SERVED_BY = '\u001f';
const MS_PER_DAY = 86_400_000;

/** The learner's store in memory, over the sessions of an `InMemorySessionStore`. Counts by day, dirty days counted again alone. */
export class InMemoryChainStore implements ChainStore {
  readonly #sessions: InMemorySessionStore;
  readonly #days = new Map<TenantId, Map<string, DayCounts>>();

  constructor(sessions: InMemorySessionStore) {
    this.#sessions = sessions;
  }

  recount(tenant: TenantId, progress?: (done: number, of: number) => void): Promise<readonly string[]> {
    const dirty = this.#sessions.takeDirtyDays(tenant);
    const days = this.#days.get(tenant) ?? new Map<string, DayCounts>();
    this.#days.set(tenant, days);
    dirty.forEach((day, done) => {
      const sessions = this.#sessions.sessions(tenant).filter((session) => session.day === day);
      if (sessions.length === 0) days.delete(day);
      else days.set(day, countSteps(sessions));
      progress?.(done + 1, dirty.length);
    });
    return Promise.resolve(dirty);
  }

  totals(tenant: TenantId, window: MiningWindow): Promise<WindowTotals> {
    const sessions = this.#inWindow(tenant, window);
    const steps = [...this.#counted(tenant, window).values()].flatMap((counts) => [...counts.values()]);
    const ends = steps.filter(({ to }) => typeof to !== 'string' && to.end === 'unlabelled');
    return Promise.resolve({
      turns: sum(sessions.map(({ turns }) => turns.length)),
      sessions: sessions.length,
      states: new Set(steps.map(({ from }) => from)).size,
      transitions: new Set(
        steps.flatMap(({ from, to }) => (typeof to === 'string' ? [pairKey(from, to)] : [])),
      ).size,
      unlabelledEnds: sum(ends.map(({ times }) => times)),
      outcomeModels: [
        ...new Set(sessions.flatMap(({ turns, models }) => (turns.length === 0 ? [] : [models.outcome]))),
      ].sort(),
    });
  }

  counts(tenant: TenantId, window: MiningWindow, decayPerDay: number): Promise<ChainCounts> {
    const counted = this.#counted(tenant, window);
    const newest = [...counted.keys()].sort().at(-1) ?? '';
    const weighed = [...counted].flatMap(([day, counts]) =>
      [...counts.values()].map((step) => ({
        ...step,
        times: step.times * decayPerDay ** daysBetween(day, newest),
      })),
    );
    return Promise.resolve(columnsOf(weighed));
  }

  evidence(
    tenant: TenantId,
    window: MiningWindow,
    pairs: readonly StatePair[],
    sessionIdsPerPair: number,
  ): Promise<readonly PairEvidence[]> {
    const sessions = this.#inWindow(tenant, window);
    const found = pairs.map(({ from, to }) => {
      const behind = sessions.filter(({ chain: { steps } }) => {
        const states = steps.map(({ state }) => stateId(state));
        return states.at(-1) === to && states.slice(0, -1).includes(from);
      });
      const ending = (end: ChainEnd): number => behind.filter(({ chain }) => chain.end === end).length;
      return {
        from,
        to,
        wins: ending('success'),
        losses: ending('failure'),
        unlabelled: ending('unlabelled'),
        users: new Set(behind.map(({ user }) => user)).size,
        explored: behind.filter((session) => exploredFrom(session, from)).length,
        sessionIds: behind
          .map(({ session }) => session)
          .sort()
          .slice(0, sessionIdsPerPair),
      };
    });
    return Promise.resolve(found.filter(({ users }) => users > 0));
  }

  texts(tenant: TenantId, window: MiningWindow, states: readonly bigint[]): Promise<readonly StateText[]> {
    const wanted = new Set(states);
    const texts = new Map<bigint, { readonly state: string; readonly wordings: Map<string, Wording> }>();
    for (const { chain } of this.#inWindow(tenant, window)) {
      chain.steps.forEach(({ state, wording }, place) => {
        const id = stateId(state);
        if (!wanted.has(id)) return;
        const text = texts.get(id) ?? { state, wordings: new Map<string, Wording>() };
        const known = text.wordings.get(wording) ?? { wording, used: 0, successes: 0 };
        const won = chain.end === 'success' && place === chain.steps.length - 1;
        text.wordings.set(wording, {
          wording,
          used: known.used + 1,
          successes: known.successes + (won ? 1 : 0),
        });
        texts.set(id, text);
      });
    }
    return Promise.resolve(
      [...texts].map(([id, { state, wordings }]) => ({ id, state, ...bestOf([...wordings.values()]) })),
    );
  }

  served(
    tenant: TenantId,
    window: MiningWindow,
    fixes: readonly ServingFix[],
  ): Promise<readonly ServedCounts[]> {
    const sessions = this.#inWindow(tenant, window);
    const states = new Set(sessions.flatMap(({ chain }) => chain.steps.map(({ state }) => state)));
    const served = [...states].filter((state) => state.includes(SERVED_BY)).sort();
    return Promise.resolve(
      served.map((state) => {
        const [source = '', fix = ''] = state.split(SERVED_BY);
        const sinceMs = fixes.find(({ id }) => id === fix)?.sinceMs ?? 0;
        const since = sessions.filter(({ endedAtMs }) => endedAtMs >= sinceMs);
        const own = reached(sessions, source);
        return {
          fix: fixId(fix),
          state: stateId(state),
          ...reached(since, state),
          sourceSessions: own.sessions,
          sourceSuccesses: own.successes,
        };
      }),
    );
  }

  #inWindow(tenant: TenantId, window: MiningWindow): readonly DerivedSession[] {
    return this.#sessions.sessions(tenant).filter(({ day }) => isIn(window, day));
  }

  #counted(tenant: TenantId, window: MiningWindow): ReadonlyMap<string, DayCounts> {
    return new Map([...(this.#days.get(tenant) ?? [])].filter(([day]) => isIn(window, day)));
  }
}

/** 64-bit FNV-1a over UTF-16 code units: any name that is stable and does not collide will do. */
function stateId(state: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let k = 0; k < state.length; k++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(state.charCodeAt(k))) * 0x100000001b3n);
  }
  return hash;
}

interface Wording {
  readonly wording: string;
  readonly used: number;
  readonly successes: number;
}

function bestOf(wordings: readonly Wording[]): Pick<StateText, 'bestWording' | 'commonWording'> {
  const byUse = [...wordings].sort((a, b) => b.used - a.used || (a.wording < b.wording ? -1 : 1));
  const bySuccess = [...byUse].sort((a, b) => b.successes - a.successes);
  return { bestWording: bySuccess[0]?.wording ?? '', commonWording: byUse[0]?.wording ?? '' };
}

function countSteps(sessions: readonly DerivedSession[]): DayCounts {
  const counts = new Map<string, { from: string; to: string | EndOf; times: number }>();
  for (const { chain } of sessions) {
    const steps = chain.steps.map(({ state: from }, place) => {
      const to = chain.steps[place + 1]?.state ?? { end: chain.end };
      return [JSON.stringify([from, to]), { from, to }] as const;
    });
    for (const [key, step] of new Map(steps)) {
      counts.set(key, { ...step, times: (counts.get(key)?.times ?? 0) + 1 });
    }
  }
  return counts;
}

function columnsOf(steps: readonly { from: string; to: string | EndOf; times: number }[]): ChainCounts {
  const stateIds = BigUint64Array.from(new Set(steps.map(({ from }) => stateId(from)))).sort();
  const rowOf = new Map(Array.from(stateIds, (id, row) => [id, row]));
  const row = (state: string): number => rowOf.get(stateId(state)) ?? -1;
  const ends = {
    success: new Float64Array(stateIds.length),
    failure: new Float64Array(stateIds.length),
    unlabelled: new Float64Array(stateIds.length),
  };
  const triples = new Map<string, { from: number; to: number; times: number }>();
  for (const { from, to, times } of steps) {
    if (typeof to !== 'string') {
      ends[to.end][row(from)] = (ends[to.end][row(from)] ?? 0) + times;
      continue;
    }
    const known = triples.get(pairKey(from, to))?.times ?? 0;
    triples.set(pairKey(from, to), { from: row(from), to: row(to), times: known + times });
  }
  const sorted = [...triples.values()].sort((a, b) => a.from - b.from || a.to - b.to);
  return {
    states: stateIds.length,
    stateIds,
    successes: ends.success,
    failures: ends.failure,
    unlabelled: ends.unlabelled,
    from: Uint32Array.from(sorted, ({ from }) => from),
    to: Uint32Array.from(sorted, ({ to }) => to),
    steps: Float64Array.from(sorted, ({ times }) => times),
  };
}

function exploredFrom({ chain: { steps, explored } }: DerivedSession, from: bigint): boolean {
  return explored || steps.slice(0, -1).some(({ state, engaged }) => engaged && stateId(state) === from);
}

function reached(
  sessions: readonly DerivedSession[],
  state: string,
): { sessions: number; successes: number } {
  const through = sessions.filter(
    ({ chain }) => chain.end !== 'unlabelled' && chain.steps.some((step) => step.state === state),
  );
  const well = through.filter(({ chain }) => chain.end === 'success' && chain.steps.at(-1)?.state === state);
  return { sessions: through.length, successes: well.length };
}

function isIn({ since, until }: MiningWindow, day: string): boolean {
  return (since === undefined || day >= since) && (until === undefined || day < until);
}

function daysBetween(earlier: string, later: string): number {
  return (Date.parse(later) - Date.parse(earlier)) / MS_PER_DAY;
}

function pairKey(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
