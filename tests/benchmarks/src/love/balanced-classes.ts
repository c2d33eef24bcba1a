/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { seededRandom } from '@heed/kernel';
import { bootstrapIntervals } from '@heed/statistics';
import type { Estimate } from './quality-of.ts';

/**
 * The class that is likely beside how common it is: the best choice where each class counts the same, however rare (unweighted average recall). Ordered classes come from
 * what is asked of each border: of class n the probability is `atLeast[n - 1] - atLeast[n]`, below the first border 1 and beyond the last 0. Where borders that were
 * learned apart contradict each other, the lower one is believed.
 *
 * @param atLeast of each border from the lowest up, the probability that an answer is above it
 * @param shares of each class among what was learned from; one more than borders
 */
export function balancedClass(atLeast: readonly number[], shares: readonly number[]): number {
  let [above, best, bestRatio] = [1, 0, -1];
  shares.forEach((share, n) => {
    const next = Math.min(above, atLeast[n] ?? 0);
    const ratio = share === 0 ? -1 : (above - next) / share;
    if (ratio > bestRatio) [best, bestRatio] = [n, ratio];
    above = next;
  });
  return best;
}

/** The mean over classes of the share that is found of each; classes without a case are left out. */
export function averageRecall(truth: Uint8Array, told: Uint8Array, drawn: Uint32Array): number {
  const [cases, found] = [new Map<number, number>(), new Map<number, number>()];
  for (const at of drawn) {
    const own = truth[at]!;
    cases.set(own, (cases.get(own) ?? 0) + 1);
    if (told[at] === own) found.set(own, (found.get(own) ?? 0) + 1);
  }
  const recalls = [...cases].map(([own, count]) => (found.get(own) ?? 0) / count);
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** The same of each round's own cases, and the mean of that over rounds: in a round a class that it has no case of is left out. */
export function averageRecallOfRounds(
  rounds: Uint8Array,
): (truth: Uint8Array, told: Uint8Array, drawn: Uint32Array) => number {
  return (truth, told, drawn) => {
    const numbers = [...new Set(rounds)];
    const recalls = numbers.map((round) =>
      averageRecall(
        truth,
        told,
        drawn.filter((at) => rounds[at] === round),
      ),
    );
    return recalls.reduce((sum, recall) => sum + recall, 0) / numbers.length;
  };
}

/** Of each model and of the first above the second, with 95 % by bootstrap over groups; both are judged on the same draws. */
export function recallsOf(
  truth: Uint8Array,
  { native, reference }: { readonly native: Uint8Array; readonly reference?: Uint8Array },
  clusters: Uint32Array,
  seed: number,
  recall: typeof averageRecall = averageRecall,
): Readonly<Record<'native' | 'reference' | 'nativeOverReference', Estimate>> {
  const figures = (drawn: Uint32Array): Record<string, number> => {
    const own = recall(truth, native, drawn);
    const theirs = reference === undefined ? NaN : recall(truth, reference, drawn);
    return { native: own, reference: theirs, nativeOverReference: own - theirs };
  };
  const values = figures(Uint32Array.from(truth.keys()));
  const intervals = bootstrapIntervals(clusters, figures, seededRandom(seed));
  const estimate = (name: string): Estimate => ({ value: values[name]!, ...intervals[name]! });
  return {
    native: estimate('native'),
    reference: estimate('reference'),
    nativeOverReference: estimate('nativeOverReference'),
  };
}
