import { areaUnderRoc } from '@heed/statistics';

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
    auroc: areaUnderRoc({
      scores: Float64Array.from(cases, ({ score }) => score),
      labels: Uint8Array.from(cases, ({ positive }) => Number(positive)),
    }),
  };
}
