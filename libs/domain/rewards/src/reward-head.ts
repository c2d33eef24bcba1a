/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { Fault } from '@heed/kernel';
import { valueAt, type IsotonicCurve } from './calibration/isotonic.ts';
import type { PlattLine } from './calibration/platt.ts';
import type { FeatureTable } from './features/feature-table.ts';
import { featuresVersionOf, type Reading } from './features/feature-reader.ts';
import { HIDDEN, inputsOf, readInputs, throughNetwork, type Network } from './training/network.ts';
import { scaled, type Scaling } from './training/scaling.ts';

export type Calibration =
  ({ readonly method: 'platt' } & PlattLine) | ({ readonly method: 'isotonic' } & IsotonicCurve);

/** Everything that training learned, in the precision that it is served in. */
export interface RewardHead {
  readonly featuresVersion: string;
  readonly reading: Reading;
  readonly scaling: Scaling;
  readonly bias: number;
  /** By place. */
  readonly wide: Float32Array;
  /** By number of the reading, per standard deviation. */
  readonly numbers: Float32Array;
  /** Absent where the wide part alone did better on turns that came later. */
  readonly network?: Network;
  /** From a logit to the probability that is served. */
  readonly calibration: Calibration;
}

export interface Scores {
  readonly logits: Float64Array;
  readonly probabilities: Float64Array;
}

/** The scores of turns as they were read. What a served file says is held equal to this. Throws Fault `model-features-differ` when the turns were read otherwise than the model was trained on. */
export function scoreTurns(head: RewardHead, table: FeatureTable): Scores {
  const read = featuresVersionOf(table);
  if (read !== head.featuresVersion)
    throw new Fault(
      'model-features-differ',
      `the model was trained on the features ${head.featuresVersion}, and these turns were read as ${read}`,
      'read them as it was trained: what stands behind the plus is the sentence encoder that it needs, by the hash of its files',
    );
  const logits = logitsOf(head, scaled(table, head.scaling));
  return { logits, probabilities: logits.map((logit) => calibrated(head.calibration, logit)) };
}

/** Of a table that is scaled. */
export function logitsOf(
  { bias, wide, numbers, network }: Pick<RewardHead, 'bias' | 'wide' | 'numbers' | 'network'>,
  table: FeatureTable,
): Float64Array {
  const inputs = new Float32Array(inputsOf(table));
  const units = new Float32Array(HIDDEN);
  return Float64Array.from({ length: table.turns }, (_, turn) => {
    let logit = bias;
    for (let at = table.starts[turn * table.bags]!; at < table.starts[(turn + 1) * table.bags]!; at++)
      logit += wide[table.places[at]!]! * table.weights[at]!;
    for (let n = 0; n < table.numbers; n++) logit += numbers[n]! * table.values[turn * table.numbers + n]!;
    if (network === undefined) return logit;
    readInputs(table, turn, network.embeddings, inputs);
    return logit + throughNetwork(network, inputs, units);
  });
}

export function calibrated(calibration: Calibration, logit: number): number {
  if (calibration.method === 'isotonic') return valueAt(calibration, logit);
  return 1 / (1 + Math.exp(-(calibration.slope * logit + calibration.offset)));
}
