/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */

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

function binOf(own: Uint32Array, probabilities: Float64Array, labels: Uint8Array): ReliabilityBin {
  let [said, seen] = [0, 0];
  for (const at of own) {
    said += probabilities[at]!;
    seen += labels[at]!;
  }
  return { cases: own.length, said: said / own.length, seen: seen / own.length };
}
