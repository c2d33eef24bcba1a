import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from './area-under-roc.ts';
import { averagePrecision } from './average-precision.ts';
import type { ScoredLabels } from './scored-labels.ts';

const cases = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 40 })
  .map((rows): ScoredLabels => ({
    scores: Float64Array.from(rows, ([score]) => score),
    labels: Uint8Array.from(rows, ([, label]) => label),
  }));

const of = (scores: readonly number[], labels: readonly number[]): ScoredLabels => ({
  scores: Float64Array.from(scores),
  labels: Uint8Array.from(labels),
});

describe('areaUnderRoc', () => {
  it('is the share of pairs in order, ties counting half', () => {
    fc.assert(
      fc.property(cases, (both) => {
        const [positives, negatives] = [1, 0].map((label) =>
          [...both.scores].filter((_, at) => both.labels[at] === label),
        );
        let won = 0;
        for (const one of positives ?? [])
          for (const other of negatives ?? []) won += one > other ? 1 : one === other ? 0.5 : 0;
        const pairs = (positives?.length ?? 0) * (negatives?.length ?? 0);
        const area = areaUnderRoc(both);
        if (pairs === 0) expect(area).toBeNaN();
        else expect(area).toBeCloseTo(won / pairs, 12);
      }),
      { seed: 7 },
    );
  });
});

describe('averagePrecision', () => {
  it('gives the value of sklearn.metrics.average_precision_score on y = [1, 0, 1, 1, 0], s = [.9, .8, .3, .3, .1]', () => {
    expect(averagePrecision(of([0.9, 0.8, 0.3, 0.3, 0.1], [1, 0, 1, 1, 0]))).toBeCloseTo(
      1 / 3 + (2 / 3) * 0.75,
      12,
    );
  });

  it('is 1 for a perfect order, the share of positives where every score is the same, and NaN without positives', () => {
    expect(averagePrecision(of([3, 2, 1], [1, 1, 0]))).toBe(1);
    expect(averagePrecision(of([1, 1, 1, 1], [1, 0, 0, 0]))).toBe(0.25);
    expect(averagePrecision(of([1, 2], [0, 0]))).toBeNaN();
  });
});
