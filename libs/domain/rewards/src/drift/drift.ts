import { divergenceOf, type Divergence } from './divergence.ts';
import { talliedAs, type KindTally } from './kind-tally.ts';
import { binned, type Bins } from './quantile-bins.ts';

/** One thing about turns, as it was in the training window and is now: a score, a number of the features, a share of unseen grams; or kinds of turns. */
export type Watched =
  | { readonly name: string; readonly training: Bins; readonly now: ArrayLike<number> }
  | { readonly name: string; readonly training: KindTally; readonly nowKinds: readonly string[] };

export interface DriftRow extends Divergence {
  readonly name: string;
  readonly isStale: boolean;
}

export interface DriftReport {
  readonly verdict: 'fresh' | 'stale' | 'cannot be told';
  /** What moved most first; those with too few turns are absent. */
  readonly rows: readonly DriftRow[];
  /** Names of what had too few. */
  readonly tooFew: readonly string[];
  readonly says: string;
}

/** Beyond chance; the customary line for a population that is another one (Siddiqi 2006, Credit Risk Scorecards). Nats. */
export const STALE_STABILITY = 0.25;
/** On either side, turns and independent ones. */
const FEWEST_TO_TELL = 100;
/** That anything is found stale where nothing has moved, all that is watched together. */
const FALSE_ALARM = 0.001;

/** As how many turns of as many users those of training and of now tell: see `independentTurns`. */
export interface IndependentTurns {
  readonly training: number;
  readonly now: number;
}

/**
 * Whether turns have become others than a model was trained on. A thing is stale when its stability index is above 0.25 after what chance gives is taken off,
 * and above what chance gives in one case of a thousand for any of them (Bonferroni): neither few turns nor many of few users cry wolf.
 */
export function driftOf(watched: readonly Watched[], independent: IndependentTurns): DriftReport {
  const { training, now } = independent;
  if (Math.min(training, now) < FEWEST_TO_TELL)
    return {
      verdict: 'cannot be told',
      rows: [],
      tooFew: watched.map(({ name }) => name),
      says: `Turns of too few users to tell: those of training tell as much as ${Math.floor(training)} of as many users, those of now as much as ${Math.floor(now)}; ${FEWEST_TO_TELL} are needed on either side.`,
    };
  const counted = watched.map((one) => ({ name: one.name, ...countsOf(one) }));
  const isEnough = ({ before, now }: Counts): boolean =>
    Math.min(totalOf(before), totalOf(now)) >= FEWEST_TO_TELL;
  const tooFew = counted.filter((one) => !isEnough(one)).map(({ name }) => name);
  const rows = counted
    .filter(isEnough)
    .map(({ name, before, now }): DriftRow => {
      const draws = { before: independent.training, now: independent.now };
      const divergence = divergenceOf(before, now, { draws, passedBy: FALSE_ALARM / watched.length });
      const { stability, beyondChance, chanceAtMost } = divergence;
      return { name, ...divergence, isStale: beyondChance > STALE_STABILITY && stability > chanceAtMost };
    })
    .toSorted((a, b) => b.beyondChance - a.beyondChance);
  const stale = rows.filter(({ isStale }) => isStale);
  const left =
    tooFew.length === 0
      ? ''
      : ` Too few turns to tell (under ${FEWEST_TO_TELL} then or now): ${tooFew.join(', ')}.`;
  if (rows.length === 0) return { verdict: 'cannot be told', rows, tooFew, says: left.trim() };
  if (stale.length === 0)
    return {
      verdict: 'fresh',
      rows,
      tooFew,
      says: `Nothing that was watched has moved from the training window.${left}`,
    };
  const reasons = stale.map(({ name, beyondChance }) => `${name} (${beyondChance.toFixed(2)})`).join(', ');
  return {
    verdict: 'stale',
    rows,
    tooFew,
    says: `Turns are not those it was trained on, by the stability index beyond chance (${STALE_STABILITY} is much) of ${reasons}: train it again.${left}`,
  };
}

interface Counts {
  readonly before: readonly number[];
  readonly now: readonly number[];
}

function countsOf(watched: Watched): Counts {
  if ('now' in watched) {
    const { training, now } = watched;
    return { before: training.counts, now: binned(now, training.edges) };
  }
  const { training, nowKinds } = watched;
  return {
    before: [...training.kinds.map(({ turns }) => turns), training.others],
    now: talliedAs(training, nowKinds),
  };
}

function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
