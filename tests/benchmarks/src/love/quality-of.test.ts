import { describe, expect, it } from 'vitest';
import { answered, type JudgedAnswer } from './judged-answer.ts';
import { qualityOf } from './quality-of.ts';

const rated = (label: 0 | 1, length: number, n: number): JudgedAnswer => ({
  turn: answered('a', 'x'.repeat(length)),
  label,
  group: `g${n}`,
});

describe('qualityOf', () => {
  it('is the AUROC of answers that were tried, with what their length alone says', () => {
    const answers = [rated(1, 1, 0), rated(0, 2, 1), rated(1, 3, 2), rated(0, 4, 3), rated(1, 5, 4)];
    const quality = qualityOf(answers, {
      native: Float64Array.of(5, 1, 4, 2, NaN),
      probabilities: Float64Array.of(1, 0, 0.5, 0, NaN),
    });
    expect(quality).toMatchObject({ measure: 'AUROC', cases: 4 });
    expect(quality.native.value).toBe(1);
    expect(quality.length?.value).toBe(0.25);
    expect(quality.ece).toBeCloseTo(0.5 / 4);
    expect(quality.reference).toBeUndefined();
  });

  it('is the share of pairs in the right order, a tie half right', () => {
    const answers = Array.from({ length: 4 }, (_, n) =>
      ([1, 0] as const).map((label) => ({ ...rated(label, 1, n), pair: `p${n}` })),
    ).flat();
    const native = Float64Array.of(2, 1, 2, 1, 1, 2, 1, 1);
    const quality = qualityOf(answers, { native, probabilities: native });
    expect(quality).toMatchObject({ measure: 'pairs', cases: 4 });
    expect(quality.native.value).toBe((2 + 0.5) / 4);
    expect(quality.length?.value).toBe(0.5);
  });

  it('judges models beside each other on the same draws: a model is never above itself', () => {
    const answers = Array.from({ length: 60 }, (_, n) => rated(n % 3 === 0 ? 1 : 0, n, n));
    const scores = Float64Array.from(answers, (_, n) => (n * 7919) % 61);
    const { nativeOverReference, native } = qualityOf(answers, {
      native: scores,
      probabilities: scores,
      reference: scores,
    });
    expect(nativeOverReference).toEqual({ value: 0, low: 0, high: 0 });
    expect(native.low).toBeLessThan(native.value);
    expect(native.high).toBeGreaterThan(native.value);
  });
});
