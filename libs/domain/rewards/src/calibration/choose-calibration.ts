/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import { calibrated, type Calibration } from '../reward-head.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitPlatt } from './platt.ts';

interface LabelledLogits {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}

/** A line, unless steps win more than this many standard errors of what they win by the case: steps fit chance sooner. */
const STANDARD_ERRORS = 2;

/**
 * The curve that tells cases it was not fitted on the better by log loss: each half of the cases judges the one that the other half gave. Of each class every other
 * case is of a half, so that neither lacks one. Throws RangeError where there are fewer than two of a class.
 */
export function chooseCalibration({ scores, labels }: LabelledLogits): {
  readonly chosen: Calibration;
  readonly losses: Readonly<Record<Calibration['method'], number>>;
} {
  const halves = halvesOf(labels);
  const [platt, isotonic] = (['platt', 'isotonic'] as const).map((method) =>
    lossesOf(method, { scores, labels }, halves),
  );
  const won = platt!.map((loss, at) => loss - isotonic![at]!);
  const gain = meanOf(won);
  const variance = meanOf(won.map((one) => (one - gain) ** 2));
  const method = gain > STANDARD_ERRORS * Math.sqrt(variance / won.length) ? 'isotonic' : 'platt';
  return {
    chosen: fitted(method, { scores, labels }),
    losses: { platt: meanOf(platt!), isotonic: meanOf(isotonic!) },
  };
}

/** Log loss of each case, by the curve of the half that it is not of. */
function lossesOf(
  method: Calibration['method'],
  { scores, labels }: LabelledLogits,
  halves: Uint8Array,
): Float64Array {
  const curves = [1, 0].map((other) => {
    const isOther = (_: number, at: number): boolean => halves[at] === other;
    return fitted(method, { scores: scores.filter(isOther), labels: labels.filter(isOther) });
  });
  return scores.map((score, at) => {
    const probability = calibrated(curves[halves[at]!]!, score);
    return -Math.log(labels[at] === 1 ? probability : 1 - probability);
  });
}

function halvesOf(labels: Uint8Array): Uint8Array {
  const seen: [number, number] = [0, 0];
  return labels.map((label) => seen[label === 1 ? 1 : 0]++ % 2);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function fitted(method: Calibration['method'], cases: LabelledLogits): Calibration {
  return method === 'platt' ? { method, ...fitPlatt(cases) } : { method, ...fitIsotonic(cases) };
}
