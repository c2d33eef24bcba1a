import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageRecall, averageRecallOfRounds, balancedClass, recallsOf } from './balanced-classes.ts';

describe('balancedClass', () => {
  it('prefers a rare class that is likelier than usual to a common one that is likeliest', () => {
    expect(balancedClass([0.9, 0.2], [0.1, 0.6, 0.3])).toBe(1);
    expect(balancedClass([0.7, 0.1], [0.1, 0.7, 0.2])).toBe(0);
    expect(balancedClass([0.95, 0.6], [0.1, 0.7, 0.2])).toBe(2);
  });

  it('is never a class that was not there to be learned, whatever its borders say', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(probability, { minLength: 3, maxLength: 3 }),
        share,
        share,
        (borders, one, other) => {
          expect([1, 3]).toContain(balancedClass(borders, [0, one, 0, other]));
        },
      ),
      { seed: 7 },
    );
  });
});

describe('averageRecall', () => {
  it('counts each class the same, however rare, and leaves out those without a case', () => {
    const truth = Uint8Array.of(0, 0, 0, 0, 2);
    const told = Uint8Array.of(0, 0, 0, 1, 0);
    expect(averageRecall(truth, told, Uint32Array.of(0, 1, 2, 3, 4))).toBeCloseTo(0.375);
    expect(averageRecall(truth, told, Uint32Array.of(0, 1, 2, 3))).toBeCloseTo(0.75);
  });
});

describe('averageRecallOfRounds', () => {
  it('is the mean over rounds, each of the classes that it has', () => {
    const truth = Uint8Array.of(0, 1, 0, 0);
    const told = Uint8Array.of(0, 0, 0, 1);
    const recall = averageRecallOfRounds(Uint8Array.of(0, 0, 1, 1));
    expect(recall(truth, told, Uint32Array.of(0, 1, 2, 3))).toBeCloseTo((0.5 + 0.5) / 2);
    expect(recall(truth, told, Uint32Array.of(0, 1, 2))).toBeCloseTo((0.5 + 1) / 2);
  });
});

describe('recallsOf', () => {
  it('judges both models on the same draws', () => {
    const truth = Uint8Array.from({ length: 60 }, (_, n) => n % 3);
    const reference = truth.map((own, n) => (n % 4 === 0 ? 0 : own));
    const clusters = Uint32Array.from(truth.keys());
    const found = recallsOf(truth, { native: truth, reference }, clusters, 7);
    expect(found.native).toEqual({ value: 1, low: 1, high: 1 });
    expect(found.reference.value).toBeLessThan(1);
    expect(found.nativeOverReference.value).toBeCloseTo(1 - found.reference.value);
    expect(found.nativeOverReference.low).toBeGreaterThan(0);
  });
});
