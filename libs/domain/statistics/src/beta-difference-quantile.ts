import type { Beta } from './beta.ts';
import { betaDifferenceCdf } from './beta-difference-cdf.ts';

const WIDTH = 1e-10;
const HEIGHT = 1e-11;

/**
 * The difference d below which X - Y falls with this probability, X and Y independent Beta variables: at 0.05 the one-sided
 * lower 95 % bound of how much more often X succeeds than Y.
 *
 * Root of `betaDifferenceCdf` on [-1, 1]: halving until the function bends within the bracket, then the Illinois method (a
 * regula falsi that cannot stall); about 15 evaluations. Error below 1e-7 wherever the density there exceeds 1e-3.
 *
 * @example betaDifferenceQuantile(0.05, { alpha: 22, beta: 2 }, { alpha: 1, beta: 13 }) // 0.68: 68 points better at the least
 */
export function betaDifferenceQuantile(probability: number, x: Beta, y: Beta): number {
  if (probability <= 0) return -1;
  if (probability >= 1) return 1;
  const low: Side = { at: -1, height: -probability, value: -probability };
  const high: Side = { at: 1, height: 1 - probability, value: 1 - probability };
  while (high.at - low.at > WIDTH) {
    const at = next(low, high);
    const value = betaDifferenceCdf(at, x, y) - probability;
    if (Math.abs(value) < HEIGHT) return at;
    if (value < 0) replace(low, high, at, value);
    else replace(high, low, at, value);
  }
  return (low.at + high.at) / 2;
}

/** An end of the bracket. `height` is `value`, halved each time the other end has moved twice in a row. */
interface Side {
  at: number;
  value: number;
  height: number;
  moved?: boolean;
}

function replace(side: Side, other: Side, at: number, value: number): void {
  if (side.moved === true) other.height /= 2;
  side.at = at;
  side.value = value;
  side.height = value;
  side.moved = true;
  other.moved = false;
}

function next(low: Side, high: Side): number {
  const flat = high.value - low.value > 0.75;
  return flat
    ? (low.at + high.at) / 2
    : (low.at * high.height - high.at * low.height) / (high.height - low.height);
}
