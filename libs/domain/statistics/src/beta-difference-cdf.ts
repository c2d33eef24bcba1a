import type { Beta } from './beta.ts';
import { BetaDifference } from './beta-difference.ts';

/**
 * Probability that X - Y <= difference, for X and Y independent Beta variables. `betaDifferenceCdf(0, x, y)` is the chance
 * that X is not the better one. Method, cost and error: see `BetaDifference`.
 *
 * @example betaDifferenceCdf(0, { alpha: 9, beta: 3 }, { alpha: 3, beta: 9 }) // 0.0045: X is almost surely the better
 */
export function betaDifferenceCdf(difference: number, x: Beta, y: Beta): number {
  return new BetaDifference(x, y).at(difference).probability;
}
