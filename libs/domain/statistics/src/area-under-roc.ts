import { byScore } from './by-score.ts';
import type { ScoredLabels } from './scored-labels.ts';

/**
 * Probability that a positive scores above a negative, ties counting half (Mann and Whitney's U over the number of pairs). NaN where one class is
 * missing. O(n log n).
 */
export function areaUnderRoc(cases: ScoredLabels): number {
  let [positives, negatives, won] = [0, 0, 0];
  for (const group of byScore(cases)) {
    won += group.positives * (negatives + group.negatives / 2);
    positives += group.positives;
    negatives += group.negatives;
  }
  return won / (positives * negatives);
}
