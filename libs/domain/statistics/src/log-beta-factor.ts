import type { Beta } from './beta.ts';
import { logGamma } from './log-gamma.ts';

/**
 * Logarithm of x^a (1 - x)^b / B(a, b): the factor before the continued fraction of `betaCdf`; less log(x (1 - x)) it is the
 * log density. For 0 < x < 1. Constant time; the absolute error grows with the parameters as about 1e-16 (a + b) log(a + b).
 */
export function logBetaFactor(x: number, { alpha, beta }: Beta): number {
  const logNormaliser = logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta);
  return logNormaliser + alpha * Math.log(x) + beta * Math.log1p(-x);
}
