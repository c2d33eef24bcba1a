import { logLoss } from '@heed/statistics';
import { calibrated, type Calibration } from '../reward-head.ts';
import { fitIsotonic } from './isotonic.ts';
import { fitPlatt } from './platt.ts';

interface LabelledLogits {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}

/** The curve that tells cases it was not fitted on with the least log loss: each half of the cases judges the one that the other half gave. */
export function chooseCalibration({ scores, labels }: LabelledLogits): {
  readonly chosen: Calibration;
  readonly losses: Readonly<Record<Calibration['method'], number>>;
} {
  const even = halfOf(scores, labels, 0);
  const odd = halfOf(scores, labels, 1);
  const lossOfMethod = (method: Calibration['method']): number => {
    const lossOn = (one: LabelledLogits, other: LabelledLogits): number => {
      const curve = fitted(method, other);
      const probabilities = one.scores.map((logit) => calibrated(curve, logit));
      return logLoss(probabilities, one.labels) * one.labels.length;
    };
    return (lossOn(even, odd) + lossOn(odd, even)) / labels.length;
  };
  const losses = { platt: lossOfMethod('platt'), isotonic: lossOfMethod('isotonic') };
  const method = losses.isotonic < losses.platt ? 'isotonic' : 'platt';
  return { chosen: fitted(method, { scores, labels }), losses };
}

function halfOf(logits: Float64Array, labels: Uint8Array, rest: number): LabelledLogits {
  return {
    scores: logits.filter((_, at) => at % 2 === rest),
    labels: labels.filter((_, at) => at % 2 === rest),
  };
}

function fitted(method: Calibration['method'], cases: LabelledLogits): Calibration {
  return method === 'platt' ? { method, ...fitPlatt(cases) } : { method, ...fitIsotonic(cases) };
}
