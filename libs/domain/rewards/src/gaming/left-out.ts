import { betaCdf } from '@heed/statistics';

/** A figure of answers to prompts, and what it is with each of them left out. */
export interface LeftOut {
  readonly value: number;
  /** In the order of the prompts. */
  readonly each: Float64Array;
}

/** The mean of one number per prompt. O(n). */
export function meanLeftOut(numbers: readonly number[]): LeftOut {
  const sum = numbers.reduce((total, one) => total + one, 0);
  return {
    value: sum / numbers.length,
    each: Float64Array.from(numbers, (one) => (sum - one) / (numbers.length - 1)),
  };
}

/**
 * How likely chance alone is to lift a figure this far above 0, one-sided: Student's t with the jackknife's standard error over prompts (Tukey 1958), which
 * is on average no less than the true one (Efron and Stein 1981). It holds for means and for figures of pairs of prompts alike.
 *
 * @param each the figure with each prompt left out; two at least
 */
export function chanceAbove(value: number, each: Float64Array): number {
  if (value <= 0) return 1;
  const degrees = each.length - 1;
  const mean = each.reduce((sum, one) => sum + one, 0) / each.length;
  const squares = each.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const t2 = value ** 2 / ((squares * degrees) / each.length);
  return betaCdf(degrees / (degrees + t2), { alpha: degrees / 2, beta: 0.5 }) / 2;
}
