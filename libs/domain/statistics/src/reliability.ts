/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */

import { logGamma } from './log-gamma.ts';

/** Cases of neighbouring probabilities. */
export interface ReliabilityBin {
  readonly cases: number;
  /** Mean probability that was said. */
  readonly said: number;
  /** Share that was the case. */
  readonly seen: number;
}

/**
 * The reliability diagram in bins of as many cases each (Nguyen and O'Connor 2015), cases of one probability in one bin, so that there may be fewer.
 * In order of probability. O(n log n).
 */
export function reliability(
  probabilities: Float64Array,
  labels: Uint8Array,
  bins = 10,
): readonly ReliabilityBin[] {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => probabilities[a]! - probabilities[b]!);
  const filled: ReliabilityBin[] = [];
  for (let start = 0; start < order.length;) {
    let end = Math.max(start + 1, Math.round(((filled.length + 1) * order.length) / bins));
    while (end < order.length && probabilities[order[end]!] === probabilities[order[end - 1]!]) end++;
    filled.push(binOf(order.subarray(start, end), probabilities, labels));
    start = end;
  }
  return filled;
}

/** Expected calibration error: how far what was said is from what was seen, over the bins by their cases. 0 without any. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { cases }) => sum + cases, 0);
  return bins.reduce((sum, { cases, said, seen }) => sum + (cases / all) * Math.abs(said - seen), 0);
}

/**
 * What `calibrationError` is expected to be of probabilities that are true, for too few cases alone: of the bins, by their cases, the mean distance of a
 * binomial share from its probability, in De Moivre's closed form (Diaconis and Zabell 1991). Bins are so narrow that their cases are taken for equally
 * likely. 0 without any. That an error in bins is this much too large: Brocker 2012; Kumar, Liang and Ma 2019; Roelofs et al. 2022.
 */
export function calibrationNoise(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { cases }) => sum + cases, 0);
  return bins.reduce((sum, { cases, said }) => sum + (cases / all) * meanDistance(cases, said), 0);
}

/** E|X / n - p| for X binomial: 2 v (1 - p) C(n, v) p^v (1 - p)^(n - v) / n where v is the first whole number above n p. */
function meanDistance(n: number, p: number): number {
  if (p <= 0 || p >= 1) return 0;
  const v = Math.min(n, Math.floor(n * p) + 1);
  const logChoose = logGamma(n + 1) - logGamma(v + 1) - logGamma(n - v + 1);
  return ((2 * v) / n) * Math.exp(logChoose + v * Math.log(p) + (n - v + 1) * Math.log1p(-p));
}

function binOf(own: Uint32Array, probabilities: Float64Array, labels: Uint8Array): ReliabilityBin {
  let [said, seen] = [0, 0];
  for (const at of own) {
    said += probabilities[at]!;
    seen += labels[at]!;
  }
  return { cases: own.length, said: said / own.length, seen: seen / own.length };
}
