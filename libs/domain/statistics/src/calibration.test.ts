import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLoss } from './log-loss.ts';
import { calibrationError, reliability } from './reliability.ts';

const said = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 60,
});

describe('reliability', () => {
  it('puts each case in one bin, bins in order, cases of one probability together', () => {
    fc.assert(
      fc.property(said, fc.integer({ min: 1, max: 12 }), (rows, most) => {
        const bins = reliability(
          Float64Array.from(rows, ([probability]) => probability),
          Uint8Array.from(rows, ([, label]) => label),
          most,
        );
        expect(bins.reduce((sum, { cases }) => sum + cases, 0)).toBe(rows.length);
        expect(bins.map((bin) => bin.said)).toEqual(bins.map((bin) => bin.said).toSorted((a, b) => a - b));
        expect(bins.reduce((sum, { cases, seen }) => sum + cases * seen, 0)).toBeCloseTo(
          rows.reduce((sum, [, label]) => sum + label, 0),
          9,
        );
      }),
      { seed: 7 },
    );
  });

  it('has an error of 0 where what is said is seen, and of the distance where it is not', () => {
    const halves = reliability(
      new Float64Array(10).fill(0.5),
      Uint8Array.from([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
    );
    expect(calibrationError(halves)).toBe(0);
    const never = reliability(new Float64Array(4).fill(0.75), new Uint8Array(4));
    expect(calibrationError(never)).toBe(0.75);
    expect(calibrationError([])).toBe(0);
  });
});

describe('logLoss', () => {
  it('is the entropy of a fair coin for a half, and finite for who was sure and wrong', () => {
    expect(logLoss(Float64Array.of(0.5, 0.5), Uint8Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
    expect(logLoss(Float64Array.of(0), Uint8Array.of(1))).toBeCloseTo(-Math.log(1e-12), 6);
    expect(logLoss(new Float64Array(), new Uint8Array())).toBeNaN();
  });
});
