/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */

/** Nobody is that sure: a probability is read as this at least, and as 1 less this at most. */
const LEAST = 1e-12;

/** Mean of -log(probability of what was the case), in nats. NaN without cases. */
export function logLoss(probabilities: Float64Array, labels: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < labels.length; at++) {
    const ofTruth = labels[at] === 1 ? probabilities[at]! : 1 - probabilities[at]!;
    sum -= Math.log(Math.min(1 - LEAST, Math.max(LEAST, ofTruth)));
  }
  return sum / labels.length;
}
