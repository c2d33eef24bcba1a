import { divergenceOf, type Divergence } from './divergence.ts';
import { binned, quantileEdges } from './quantile-bins.ts';

/** One thing about turns, in the training window and now: a score, a number of the features, a share of unseen grams; or categories. */
export type Watched =
  | { readonly name: string; readonly training: ArrayLike<number>; readonly now: ArrayLike<number> }
  | {
      readonly name: string;
      readonly trainingKinds: readonly string[];
      readonly nowKinds: readonly string[];
    };

export interface DriftRow extends Divergence {
  readonly name: string;
  readonly isStale: boolean;
}

export interface DriftReport {
  readonly verdict: 'fresh' | 'stale' | 'too few to tell';
  /** In the order given; those with too few turns are absent. */
  readonly rows: readonly DriftRow[];
  /** Names of what had too few. */
  readonly tooFew: readonly string[];
  readonly says: string;
}

/** Beyond chance; the customary line for a population that is another one (Siddiqi 2006). Nats. */
const STALE_STABILITY = 0.25;
/** On either side. */
const FEWEST = 200;

/**
 * Whether turns have become others than a model was trained on. A thing is stale when its stability index is above 0.25 after what chance gives is taken off,
 * and above what chance gives in one case of a thousand: few turns do not cry wolf.
 */
export function driftOf(watched: readonly Watched[]): DriftReport {
  const counted = watched.map((one) => ({ name: one.name, ...countsOf(one) }));
  const enough = counted.filter(({ least }) => least >= FEWEST);
  const tooFew = counted.filter(({ least }) => least < FEWEST).map(({ name }) => name);
  const rows = enough.map(({ name, counts }): DriftRow => {
    const [before, now] = counts();
    const divergence = divergenceOf(before, now);
    const { stability, beyondChance, chanceAtMost } = divergence;
    return { name, ...divergence, isStale: beyondChance > STALE_STABILITY && stability > chanceAtMost };
  });
  const stale = rows.filter(({ isStale }) => isStale);
  const left =
    tooFew.length === 0 ? '' : ` Too few to tell (under ${FEWEST} then or now): ${tooFew.join(', ')}.`;
  if (rows.length === 0) return { verdict: 'too few to tell', rows, tooFew, says: left.trim() };
  const reasons = stale.map(({ name, stability }) => `${name} (${stability.toFixed(2)})`).join(', ');
  return stale.length === 0
    ? {
        verdict: 'fresh',
        rows,
        tooFew,
        says: `Nothing that was watched has moved from the training window.${left}`,
      }
    : {
        verdict: 'stale',
        rows,
        tooFew,
        says: `The model is stale, train it anew: its turns are not those it was trained on, by the stability index (${STALE_STABILITY} is much) of ${reasons}.${left}`,
      };
}

interface Counts {
  readonly least: number;
  /** Asked for only where there is enough. */
  readonly counts: () => readonly [readonly number[], readonly number[]];
}

function countsOf(watched: Watched): Counts {
  if ('training' in watched) {
    const { training, now } = watched;
    return {
      least: Math.min(training.length, now.length),
      counts: () => {
        const edges = quantileEdges(training);
        return [binned(training, edges), binned(now, edges)];
      },
    };
  }
  const { trainingKinds, nowKinds } = watched;
  return {
    least: Math.min(trainingKinds.length, nowKinds.length),
    counts: () => {
      const kinds = [...new Set([...trainingKinds, ...nowKinds])];
      const [before, now] = [tally(trainingKinds), tally(nowKinds)];
      return [kinds.map((kind) => before.get(kind) ?? 0), kinds.map((kind) => now.get(kind) ?? 0)];
    },
  };
}

function tally(kinds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
