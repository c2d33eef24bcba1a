import type { ScoredLabels } from '@heed/statistics';
import { seededRandom } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseCalibration } from './choose-calibration.ts';
import { fitIsotonic, valueAt } from './isotonic.ts';
import { fitPlatt } from './platt.ts';

const of = (rows: readonly (readonly [number, number])[]): ScoredLabels => ({
  scores: Float64Array.from(rows, ([score]) => score),
  labels: Uint8Array.from(rows, ([, label]) => label),
});

function range(count: number, label: number, sign: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, n) => [sign * (1 + n / count), label]);
}

const rows = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 40,
});

describe('fitIsotonic', () => {
  it('never falls, and never says 0 or 1', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const curve = fitIsotonic(of(all));
        const said = Array.from({ length: 40 }, (_, n) => valueAt(curve, -7 + n * 0.35));
        expect(said).toEqual(said.toSorted((a, b) => a - b));
        expect(Math.min(...said)).toBeGreaterThan(0);
        expect(Math.max(...said)).toBeLessThan(1);
      }),
      { seed: 7 },
    );
  });

  it('pools what goes down: the values of sklearn.isotonic on y = [1, 0, 0, 1, 1] at 1 to 5', () => {
    const curve = fitIsotonic(
      of([
        [1, 1],
        [2, 0],
        [3, 0],
        [4, 1],
        [5, 1],
      ]),
    );
    expect(valueAt(curve, 2)).toBeCloseTo(1 / 3, 12);
    expect(valueAt(curve, 9)).toBeCloseTo(1 - 1 / 7, 12);
    expect(curve.knots).toEqual(Float64Array.of(2, 4.5));
  });

  it('needs a case', () => {
    expect(() => fitIsotonic(of([]))).toThrow(RangeError);
  });
});

describe('chooseCalibration', () => {
  it('finds both classes in either half, however they come one after the other', () => {
    const alternating = Array.from({ length: 200 }, (_, n) => [n / 100, Number(n % 10 === 0)] as const);
    const { losses } = chooseCalibration(of(alternating));
    expect(losses.platt).toBeLessThan(0.5);
    expect(losses.isotonic).toBeLessThan(0.5);
  });
});

describe('fitPlatt', () => {
  it('finds the line that labels were drawn by', () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 20_000 }, () => {
      const score = 6 * random.next() - 3;
      return [score, Number(random.chance(1 / (1 + Math.exp(-(1.7 * score - 0.6)))))] as const;
    });
    const { slope, offset } = fitPlatt(of(drawn));
    expect(slope).toBeCloseTo(1.7, 1);
    expect(offset).toBeCloseTo(-0.6, 1);
  });

  it('never falls: of scores that tell the contrary it says the share of positives', () => {
    const { slope, offset } = fitPlatt(of([...range(30, 1, -1), ...range(10, 0, 1)]));
    expect(slope).toBe(0);
    expect(1 / (1 + Math.exp(-offset))).toBeCloseTo((30 * (31 / 32) + 10 * (1 / 12)) / 40, 12);
  });

  it('stays finite where scores part the classes', () => {
    const { slope, offset } = fitPlatt(
      of([
        [-1000, 0],
        [-1, 0],
        [1, 1],
        [1000, 1],
      ]),
    );
    expect(Number.isFinite(slope) && Number.isFinite(offset)).toBe(true);
    expect(slope).toBeGreaterThan(0);
  });

  it('needs both classes', () => {
    expect(() =>
      fitPlatt(
        of([
          [1, 1],
          [2, 1],
        ]),
      ),
    ).toThrow(RangeError);
  });
});
