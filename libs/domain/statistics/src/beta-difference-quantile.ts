import type { Beta } from './beta.ts';
import { BetaDifference } from './beta-difference.ts';

const HEIGHT = 1e-12;
const WIDTH = 1e-12;
/** Deviations below the mean at which a normal variable has 5 % of its mass: where the search begins. */
const FIVE_PERCENT = 1.6448536269514722;

/**
 * The difference d below which X - Y falls with this probability, X and Y independent Beta variables: at 0.05 the one-sided
 * lower 95 % bound of how much more often X succeeds than Y.
 *
 * Newton's method on the distribution function of `BetaDifference`, whose density comes with it, kept within a bracket that is
 * halved where a step would leave it: some five evaluations. Error below 1e-7 wherever the density exceeds 1e-2.
 *
 * @example betaDifferenceQuantile(0.05, { alpha: 22, beta: 2 }, { alpha: 1, beta: 13 }) // 0.68: 68 points better at the least
 */
export function betaDifferenceQuantile(probability: number, x: Beta, y: Beta): number {
  if (probability <= 0) return -1;
  if (probability >= 1) return 1;
  const difference = new BetaDifference(x, y);
  let [low, high] = [-1, 1];
  let at = difference.mean + Math.sign(probability - 0.5) * FIVE_PERCENT * difference.deviation;
  while (high - low > WIDTH) {
    if (at <= low || at >= high) at = (low + high) / 2;
    const here = difference.at(at);
    const excess = here.probability - probability;
    if (Math.abs(excess) < HEIGHT) return at;
    if (excess < 0) low = at;
    else high = at;
    at -= excess / here.density;
  }
  return (low + high) / 2;
}
