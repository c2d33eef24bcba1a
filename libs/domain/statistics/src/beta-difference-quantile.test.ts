import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaDifferenceCdf } from './beta-difference-cdf.ts';
import { betaDifferenceQuantile } from './beta-difference-quantile.ts';

const posterior = fc.record({
  alpha: fc.integer({ min: 1, max: 300 }),
  beta: fc.integer({ min: 1, max: 300 }),
});

describe('betaDifferenceQuantile', () => {
  // SciPy 1.17.1: brentq(lambda d: cdf(d, X, Y) - p, -0.999, 0.999, xtol=1e-13), cdf as in beta-difference-cdf.test.ts
  it.each([
    [0.05, 22, 2, 1, 13, 0.680957872055886],
    [0.05, 9, 3, 3, 9, 0.19966535789668607],
    [0.05, 101, 900, 90, 911, -0.0105729336061097],
    [0.05, 2, 2, 5001, 15_001, -0.11470384762956931],
    [0.95, 1, 6, 1, 31, 0.36514467998089123],
    [0.05, 9001, 1001, 2001, 8001, 0.6915973093587369],
  ])('at %d of Beta(%d, %d) - Beta(%d, %d) is %d', (probability, a, b, c, d, expected) => {
    const quantile = betaDifferenceQuantile(probability, { alpha: a, beta: b }, { alpha: c, beta: d });
    expect(Math.abs(quantile - expected)).toBeLessThan(1e-7);
  });

  it('is where the distribution function reaches the probability', () => {
    fc.assert(
      fc.property(
        posterior,
        posterior,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (x, y, probability) => {
          const quantile = betaDifferenceQuantile(probability, x, y);
          expect(betaDifferenceCdf(quantile, x, y)).toBeCloseTo(probability, 7);
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });

  it('is an end of the range for a certain or an impossible probability', () => {
    const even = { alpha: 1, beta: 1 };
    expect([0, 1].map((probability) => betaDifferenceQuantile(probability, even, even))).toEqual([-1, 1]);
  });
});
