import { byScore } from './by-score.ts';
import type { ScoredLabels } from './scored-labels.ts';

/**
 * Area under the precision-recall curve as a sum of steps, sum_n (R_n - R_n-1) P_n, over falling thresholds; no straight lines between points, which
 * promise too much (Davis and Goadrich 2006). NaN without positives. O(n log n).
 */
export function averagePrecision(cases: ScoredLabels): number {
  const falling = byScore(cases).toReversed();
  const all = falling.reduce((sum, { positives }) => sum + positives, 0);
  let [found, called, area] = [0, 0, 0];
  for (const { positives, negatives } of falling) {
    found += positives;
    called += positives + negatives;
    area += (positives / all) * (found / called);
  }
  return all === 0 ? NaN : area;
}
