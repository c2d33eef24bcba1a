/* eslint-disable @typescript-eslint/no-non-null-assertion -- arrays of one length, indexed below it */
import type { ScoredLabels } from '@heed/statistics';

/** Mean of the shares of either class that are said right when a score of the threshold and above is said to be positive. NaN of one class alone. O(n). */
export function balancedAccuracy({ scores, labels }: ScoredLabels, threshold: number): number {
  const right = [0, 0];
  const all = [0, 0];
  for (let at = 0; at < scores.length; at++) {
    const label = labels[at]!;
    all[label]!++;
    if (Number(scores[at]! >= threshold) === label) right[label]!++;
  }
  return (right[0]! / all[0]! + right[1]! / all[1]!) / 2;
}

/**
 * The score from which on to say positive for the highest balanced accuracy on these cases (Youden 1950), the lowest of equals: one of the scores, so
 * that it is the same on every machine. O(n log n).
 */
export function bestThreshold({ scores, labels }: ScoredLabels): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = labels.reduce<number>((sum, label) => sum + label, 0);
  const weights = [-1 / Math.max(1, labels.length - positives), 1 / Math.max(1, positives)];
  let [index, best, threshold] = [0, -Infinity, NaN];
  order.forEach((place, n) => {
    index += weights[labels[place]!]!;
    const next = order[n + 1];
    // Cases of one score are said alike.
    if (next !== undefined && scores[next] === scores[place]) return;
    if (index < best) return;
    [best, threshold] = [index, scores[place]!];
  });
  return threshold;
}
