/** A case that a classifier scored, and the truth. */
export interface ScoredCase {
  readonly score: number;
  readonly positive: boolean;
}

export interface ClassificationFigures {
  readonly positives: number;
  readonly negatives: number;
  /** NaN where nothing was called positive. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Negatives called positive / negatives. */
  readonly falsePositiveRate: number;
  /** Probability that a positive scores above a negative, ties counting half. */
  readonly auroc: number;
}

/**
 * Precision, recall and the rest at a threshold (a score at it counts as positive), and the area under the ROC curve, which
 * needs none. A figure without cases to count is NaN. O(n log n).
 *
 * @example classificationFigures([{ score: 0.9, positive: true }, { score: 0.2, positive: false }], 0.5).auroc // 1
 */
export function classificationFigures(
  cases: readonly ScoredCase[],
  threshold: number,
): ClassificationFigures {
  const called = cases.filter(({ score }) => score >= threshold);
  const hits = called.filter(({ positive }) => positive).length;
  const positives = cases.filter(({ positive }) => positive).length;
  const negatives = cases.length - positives;
  const misses = positives - hits;
  const falseAlarms = called.length - hits;
  return {
    positives,
    negatives,
    precision: hits / called.length,
    recall: hits / positives,
    f1: (2 * hits) / (2 * hits + misses + falseAlarms),
    falsePositiveRate: falseAlarms / negatives,
    auroc: areaUnderRoc(cases, positives, negatives),
  };
}

/** Mann and Whitney's U: the sum of the positives' ranks, ties sharing their mean rank. */
function areaUnderRoc(cases: readonly ScoredCase[], positives: number, negatives: number): number {
  const sorted = cases.toSorted((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end++;
    const meanRank = (start + 1 + end) / 2;
    rankSum += meanRank * sorted.slice(start, end).filter(({ positive }) => positive).length;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
