import type { FixId, SessionId, TenantId } from '@heed/kernel';
import type { ChainCounts } from './chain-counts.ts';

/** Days `since <= day < until`, `YYYY-MM-DD` UTC; an open side is unbounded. */
export interface MiningWindow {
  readonly since?: string;
  readonly until?: string;
}

export interface WindowTotals {
  readonly turns: number;
  readonly sessions: number;
  readonly states: number;
  /** Distinct steps from one state to another. */
  readonly transitions: number;
  readonly unlabelledEnds: number;
  /** What decided the outcomes of the sessions, in order: `outcome-rules-1`, or ids of models of failed turns. */
  readonly outcomeModels: readonly string[];
}

/** A pair that the solve proposes, by the store's state ids. */
export interface StatePair {
  readonly from: bigint;
  readonly to: bigint;
}

/** The sessions that went from one state on to end in another, in the window. */
export interface PairEvidence extends StatePair {
  readonly wins: number;
  readonly losses: number;
  readonly unlabelled: number;
  /** Distinct users; all sessions that name no user count together as one. */
  readonly users: number;
  /** Sessions among them whose user engaged with the source's answer, or wandered through topics: exploring, not struggling. */
  readonly explored: number;
  /** Ids of sessions behind it, smallest first; at most the number asked for. */
  readonly sessionIds: readonly SessionId[];
}

/** How users word a state. */
export interface StateText {
  readonly id: bigint;
  readonly state: string;
  /** Most successful wording: most sessions ended well with it; ties by most used, then by text. */
  readonly bestWording: string;
  /** Most used wording; ties by text. */
  readonly commonWording: string;
}

/** A fix that serves turns, and since when it has done so without a break. */
export interface ServingFix {
  readonly id: FixId;
  readonly sinceMs: number;
}

/** What is known of turns that Heed itself rewrote, kept apart from the source's own posterior. One for each rewritten state. */
export interface ServedCounts {
  readonly fix: FixId;
  /** The store's id of the rewritten state, `<source state>\u001f<fix>`: neither source nor target of a new rewrite. */
  readonly state: bigint;
  /**
   * Sessions that reached the rewritten state, ended since the fix serves, and told how they ended, each once; and of those how
   * many ended there well. Silence says nothing of either side.
   */
  readonly sessions: number;
  readonly successes: number;
  /** The same of the source state with no fix serving it, over the whole window. */
  readonly sourceSessions: number;
  readonly sourceSuccesses: number;
}

/** The learner's view of the warehouse. */
export interface ChainStore {
  /** Counts every dirty day again, alone, and swaps it in. Returns the days counted. Repeating it changes nothing. */
  recount(tenant: TenantId, progress?: (done: number, of: number) => void): Promise<readonly string[]>;
  totals(tenant: TenantId, window: MiningWindow): Promise<WindowTotals>;
  /**
   * Sums over the window's days. Every step of a session counts, twice when it was taken twice. A day `d` days before the
   * newest weighs `decayPerDay ** d` (1 = no decay).
   */
  counts(tenant: TenantId, window: MiningWindow, decayPerDay: number): Promise<ChainCounts>;
  evidence(
    tenant: TenantId,
    window: MiningWindow,
    pairs: readonly StatePair[],
    sessionIdsPerPair: number,
  ): Promise<readonly PairEvidence[]>;
  texts(tenant: TenantId, window: MiningWindow, states: readonly bigint[]): Promise<readonly StateText[]>;
  /** Every rewritten state of the window; turns of a fix that is not among `fixes` count whenever they were served. */
  served(
    tenant: TenantId,
    window: MiningWindow,
    fixes: readonly ServingFix[],
  ): Promise<readonly ServedCounts[]>;
}
