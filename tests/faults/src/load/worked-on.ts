import type { Accounting } from '@heed/contract';
import { expectedAccount } from './account.ts';
import { expectedFacts } from './expected-facts.ts';
import { planLoad, splitLoad, wordsOf, type PlannedLoad } from './planned-load.ts';

/** What is over has sessions and ids of its own: no seed of ours is that high. */
const SEEDS_OF_OVER = 1_000_000;
const OVER = { lanes: 4, requestsPerLane: 10, sessions: 20 };
/** So that there is something to work on. */
const REQUESTS_BEFORE = 15;
const SIZE = { lanes: 8, requestsPerLane: 35, sessions: 60 };

/** When what is over was received, days from today, and for how long it is kept. */
export const OVER_DAYS = -100;
export const RETENTION_DAYS = 30;

/** What is sent to a Heed that is to forget one user, to remove what is over, and to rebuild the rest. */
export interface WorkedOn {
  /** Received before the horizon, all of it. */
  readonly over: PlannedLoad;
  /** With the user who is to be forgotten, until all is read. */
  readonly before: PlannedLoad;
  /** Of the others and in the same sessions, while the work is done. */
  readonly meanwhile: PlannedLoad;
  readonly user: string;
  /** The user's own, in everything that the user asked. */
  readonly words: string;
  /** What must be there in the end. */
  readonly facts: readonly string[];
}

export function planWorkedOn(seed: number): WorkedOn {
  const user = `ada-${seed}`;
  const users = [user, `ben-${seed}`, `eve-${seed}`];
  const leaver = { user, afterRequests: REQUESTS_BEFORE };
  const whole = planLoad(seed, { ...SIZE, users, leaver });
  const [before, meanwhile] = splitLoad(whole, REQUESTS_BEFORE);
  const over = planLoad(SEEDS_OF_OVER + seed, OVER);
  return {
    over,
    before,
    meanwhile,
    user,
    words: wordsOf(user),
    facts: expectedFacts(whole, new Set([user])),
  };
}

/**
 * @param erasures that are in the log: whoever is killed as they ask may have asked all the same
 * @param expired entries that the log still has, as Kafka does, and the warehouse has no more
 */
export function expectedAfterWork(
  { before, meanwhile, user }: WorkedOn,
  erasures: number,
  expired: number,
): Partial<Accounting> {
  const counted = [...before.counted, ...meanwhile.counted];
  const account = expectedAccount({ ...before, counted }, new Set([user]));
  return {
    ...account,
    accepted: counted.length + erasures + expired,
    stored: (account.stored ?? 0) + erasures,
    expired,
  };
}
