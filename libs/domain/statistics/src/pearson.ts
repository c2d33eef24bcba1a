/* eslint-disable @typescript-eslint/no-non-null-assertion -- arrays of one length, indexed below it */

/** Pearson's correlation, -1 to 1; NaN where either never differs. Throws RangeError for lists of two lengths. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers cannot go with ${b.length}`);
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    both += (a[at]! - meanA) * (b[at]! - meanB);
    ofA += (a[at]! - meanA) ** 2;
    ofB += (b[at]! - meanB) ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}

function mean(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < numbers.length; at++) sum += numbers[at]!;
  return sum / numbers.length;
}
