import { seededRandom } from '@heed/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLoss } from './log-loss.ts';
import { calibrationError, calibrationNoise, reliability } from './reliability.ts';

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

describe('calibrationNoise', () => {
  it('is the mean distance of a binomial share from its probability', () => {
    expect(calibrationNoise([{ cases: 1, said: 0.3, seen: 0 }])).toBeCloseTo(2 * 0.3 * 0.7, 12);
    // Of two coins: none, one or two, at 1/4, 1/2 and 1/4.
    expect(calibrationNoise([{ cases: 2, said: 0.5, seen: 0 }])).toBeCloseTo(0.25, 12);
    const sure = [0, 1].map((said) => ({ cases: 5, said, seen: said }));
    expect([calibrationNoise(sure), calibrationNoise([])]).toEqual([0, 0]);
  });

  it('is the error that true probabilities have on average', () => {
    const random = seededRandom(5);
    const draws = 300;
    let [error, noise] = [0, 0];
    for (let n = 0; n < draws; n++) {
      const probabilities = Float64Array.from({ length: 300 }, () => 0.02 + 0.96 * random.next());
      const bins = reliability(
        probabilities,
        Uint8Array.from(probabilities, (one) => Number(random.chance(one))),
      );
      error += calibrationError(bins) / draws;
      noise += calibrationNoise(bins) / draws;
    }
    expect(noise).toBeGreaterThan(0.05);
    // Its standard deviation is about .015 / sqrt(300).
    expect(Math.abs(error - noise)).toBeLessThan(0.004);
  });
});

describe('logLoss', () => {
  it('is the entropy of a fair coin for a half, and finite for who was sure and wrong', () => {
    expect(logLoss(Float64Array.of(0.5, 0.5), Uint8Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
    expect(logLoss(Float64Array.of(0), Uint8Array.of(1))).toBeCloseTo(-Math.log(1e-12), 6);
    expect(logLoss(new Float64Array(), new Uint8Array())).toBeNaN();
  });
});
