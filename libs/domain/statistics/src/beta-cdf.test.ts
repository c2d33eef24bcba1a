import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf } from './beta-cdf.ts';

const parameter = fc.double({ min: 0.2, max: 500, noNaN: true });
const share = fc.integer({ min: 0, max: 1024 }).map((k) => k / 1024);

describe('betaCdf', () => {
  // scipy.special.betainc(alpha, beta, x), SciPy 1.17.1
  it.each([
    [2, 3, 0.5, 0.6875, 1e-13],
    [1, 1, 0.3, 0.3, 1e-13],
    [0.5, 0.5, 0.2, 0.2951672353008665, 1e-13],
    [22, 2, 0.9, 0.31512668869875576, 1e-13],
    [1, 13, 0.05, 0.4866579167204949, 1e-13],
    [3.5, 7.25, 0.01, 1.4328011479819937e-5, 1e-13],
    [1000, 3000, 0.26, 0.9270239566004947, 1e-12],
    [150_000, 50_000, 0.751, 0.8491639477458495, 1e-9],
    [1e6, 1e6, 0.5003, 0.8019280371578701, 1e-8],
  ])('of Beta(%d, %d) at %d is %d', (alpha, beta, x, expected, tolerance) => {
    expect(Math.abs(betaCdf(x, { alpha, beta }) - expected)).toBeLessThan(tolerance);
  });

  it('is the mirror of the distribution with its parameters swapped', () => {
    fc.assert(
      fc.property(parameter, parameter, share, (alpha, beta, x) => {
        expect(betaCdf(x, { alpha, beta }) + betaCdf(1 - x, { alpha: beta, beta: alpha })).toBeCloseTo(1, 10);
      }),
      { seed: 1 },
    );
  });

  it('never falls', () => {
    fc.assert(
      fc.property(parameter, parameter, share, share, (alpha, beta, x, y) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        expect(betaCdf(low, { alpha, beta })).toBeLessThanOrEqual(betaCdf(high, { alpha, beta }) + 1e-12);
      }),
      { seed: 2 },
    );
  });

  it('is 0 and 1 at and beyond the ends', () => {
    expect([-1, 0, 1, 2].map((x) => betaCdf(x, { alpha: 2, beta: 5 }))).toEqual([0, 0, 1, 1]);
  });
});
