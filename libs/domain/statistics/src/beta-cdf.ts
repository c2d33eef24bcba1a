import type { Beta } from './beta.ts';
import { logBetaFactor } from './log-beta-factor.ts';

const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const MOST_TERMS = 100_000;

/**
 * Regularised incomplete beta function I_x(alpha, beta): the probability that a Beta variable is at most x.
 *
 * Source: Numerical Recipes 6.4, the continued fraction by Lentz's method, used on the side of the mean where it converges.
 * Complexity: O(sqrt(max(alpha, beta))) terms. Error below 1e-12 for parameters up to 1e4, below 1e-8 up to 1e7 (there the
 * logarithms of the gamma function cancel).
 *
 * @example betaCdf(0.5, { alpha: 2, beta: 3 }) // 0.6875
 */
export function betaCdf(x: number, posterior: Beta): number {
  const { alpha, beta } = posterior;
  if (!(alpha > 0 && beta > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const factor = Math.exp(logBetaFactor(x, posterior));
  return x < (alpha + 1) / (alpha + beta + 2)
    ? (factor * continuedFraction(x, alpha, beta)) / alpha
    : 1 - (factor * continuedFraction(1 - x, beta, alpha)) / beta;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}
