/* eslint-disable @typescript-eslint/no-non-null-assertion -- arrays of one length, indexed below it */
import { byScore, type ScoredLabels } from '@heed/statistics';

/** A rising step line through (knots[k], values[k]), straight between two of them, level outside. */
export interface IsotonicCurve {
  readonly knots: Float64Array;
  readonly values: Float64Array;
}

/**
 * The rising function of the score nearest to the labels in squares, by pool-adjacent-violators (Ayer et al. 1955; Zadrozny and Elkan 2002). Each pool
 * stands at the mean of its scores. No probability is nearer to 0 or 1 than 1 / (n + 2): n cases do not make anything certain.
 * O(n log n). Throws RangeError without cases.
 */
export function fitIsotonic(cases: ScoredLabels): IsotonicCurve {
  const groups = byScore(cases);
  if (groups.length === 0) throw new RangeError('a curve needs cases to be fitted to');
  const pools: Pool[] = [];
  for (const { score, positives, negatives } of groups) {
    const count = positives + negatives;
    pools.push({ positives, count, scores: score * count });
    while (pools.length > 1 && rate(pools.at(-2)!) >= rate(pools.at(-1)!)) {
      const last = pools.pop()!;
      const before = pools.pop()!;
      pools.push({
        positives: before.positives + last.positives,
        count: before.count + last.count,
        scores: before.scores + last.scores,
      });
    }
  }
  const least = 1 / (cases.labels.length + 2);
  return {
    knots: Float64Array.from(pools, ({ scores, count }) => scores / count),
    values: Float64Array.from(pools, ({ positives, count }) =>
      Math.min(1 - least, Math.max(least, positives / count)),
    ),
  };
}

interface Pool {
  readonly positives: number;
  readonly count: number;
  readonly scores: number;
}

function rate({ positives, count }: Pool): number {
  return positives / count;
}

/** O(log of the knots). */
export function valueAt({ knots, values }: IsotonicCurve, score: number): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (knots[middle]! <= score) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return values[0]!;
  if (low === knots.length) return values[low - 1]!;
  const share = (score - knots[low - 1]!) / (knots[low]! - knots[low - 1]!);
  return values[low - 1]! + share * (values[low]! - values[low - 1]!);
}
