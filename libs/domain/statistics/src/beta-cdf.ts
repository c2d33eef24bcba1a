import type { Beta } from './beta.ts';
import { BetaDistribution } from './beta-distribution.ts';

/**
 * Regularised incomplete beta function I_x(alpha, beta): the probability that a Beta variable is at most x.
 *
 * Source: Numerical Recipes 6.4, the continued fraction by Lentz's method, used on the side of the mean where it converges.
 * Complexity: O(sqrt(max(alpha, beta))) terms. Error below 1e-12 for parameters up to 1e4, below 1e-8 up to 1e7 (there the
 * logarithms of the gamma function cancel). NaN for parameters that are not positive.
 *
 * @example betaCdf(0.5, { alpha: 2, beta: 3 }) // 0.6875
 */
export function betaCdf(x: number, posterior: Beta): number {
  return new BetaDistribution(posterior).cdf(x);
}
