import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaDifferenceCdf } from './beta-difference-cdf.ts';

const posterior = fc.record({
  alpha: fc.integer({ min: 1, max: 300 }),
  beta: fc.integer({ min: 1, max: 300 }),
});

describe('betaDifferenceCdf', () => {
  // SciPy 1.17.1, x = beta(*X), y = beta(*Y), cut at quantiles of y so that quad sees the peak:
  // sum(quad(lambda t: y.pdf(t) * x.cdf(t + d), a, b, epsabs=1e-14, epsrel=1e-13, limit=500)[0] for a, b in zip([0] + cuts, cuts + [1]))
  it.each([
    [9, 3, 3, 9, 0, 0.0044610961793624315],
    [22, 2, 1, 13, 0.5, 0.0022706756881710755],
    [1, 1, 1, 1, 0.25, 0.71875],
    [2, 2, 5001, 15_001, 0, 0.1562921821100897],
    [5001, 15_001, 2, 2, 0.1, 0.9392111920838112],
    [101, 900, 90, 911, 0, 0.20079860929756715],
    [1, 6, 1, 31, 0, 0.16216216216216217],
  ])('of Beta(%d, %d) - Beta(%d, %d) at %d is %d', (a, b, c, d, difference, expected) => {
    const probability = betaDifferenceCdf(difference, { alpha: a, beta: b }, { alpha: c, beta: d });
    expect(Math.abs(probability - expected)).toBeLessThan(1e-9);
  });

  it('is within 1e-7 for parameters that are not whole', () => {
    // the same line, X = (1.5, 2.5), Y = (7.25, 1), d = -0.4
    const probability = betaDifferenceCdf(-0.4, { alpha: 1.5, beta: 2.5 }, { alpha: 7.25, beta: 1 });
    expect(Math.abs(probability - 0.6735183168161623)).toBeLessThan(1e-7);
  });

  it('is the mirror of the difference taken the other way', () => {
    fc.assert(
      fc.property(posterior, posterior, fc.double({ min: -1, max: 1, noNaN: true }), (x, y, difference) => {
        expect(betaDifferenceCdf(difference, x, y) + betaDifferenceCdf(-difference, y, x)).toBeCloseTo(1, 8);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('is a half for equals at no difference', () => {
    fc.assert(
      fc.property(posterior, (x) => {
        expect(betaDifferenceCdf(0, x, x)).toBeCloseTo(0.5, 8);
      }),
      { seed: 4, numRuns: 50 },
    );
  });
});
