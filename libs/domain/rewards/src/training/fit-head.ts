import { seededRandom } from '@heed/kernel';
import { logLoss } from '@heed/statistics';
import { chooseCalibration } from '../calibration/choose-calibration.ts';
import { featuresVersionOf, type Reading } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { calibrated, logitsOf, type Calibration, type RewardHead } from '../reward-head.ts';
import { NetworkFit } from './network-fit.ts';
import type { Network } from './network.ts';
import { scaled, scalingOf } from './scaling.ts';
import type { LabelledTable } from './labelled-table.ts';
import { learnLater } from './learn-later.ts';
import { linearOf, settle, startWide, type Linear } from './wide-part.ts';
import type { WideFit } from './wide-fit.ts';

export interface FitReport {
  /** Log loss of the later turns by strength of the wide part, of those that were tried. */
  readonly strengths: readonly { readonly strength: number; readonly logLoss: number }[];
  readonly strength: number;
  /** Of the last fit, over both parts, which goes on from the fit on one part and half of the other. */
  readonly passes: number;
  /** Log loss of the later turns after each epoch of the network, the wide part alone first. */
  readonly epochs: readonly number[];
  /** The epoch that was kept; 0: no network. */
  readonly epoch: number;
  /** Log loss of each calibration on the later turns. */
  readonly calibrations: Readonly<Record<Calibration['method'], number>>;
}

export interface FittedHead {
  readonly head: RewardHead;
  readonly report: FitReport;
  /** Calibrated probabilities of `tune`, each half as said by who learned from the other alone: by these one may choose a threshold; of what `head` says of them it is too sure. */
  readonly toldOfTune: Float64Array;
}

/** Weaker is more careful. A tenant with few reactions comes out with the weakest. */
const STRENGTHS = [0.03, 0.1, 0.3, 1] as const;
const MOST_EPOCHS = 10;
/** Epochs that may be worse than the best before it is taken for the best. */
const PATIENCE = 2;
/** Log loss that a network must win to be worth its place. */
const WORTH = 5e-4;

/**
 * Learns a head on `fit` and lets `tune`, which came later, choose: the strength of the wide part, when the network stops or whether there is one, and the
 * calibration. Once that is chosen, the wide part is learned again on both: the latest turns are the likest to what will come, and to a small tenant they are
 * a fifth more. It is calibrated by what it says of either half of `tune` when it has learned from the other half alone: what is served is that sure, and a
 * wide part that knows nothing of `tune` is less so. Deterministic by seed; nothing of it reads a clock.
 *
 * @param correction added to logits that were learned on a sample (see `sampleNegatives`); `tune` is not sampled
 */
export function fitHead(
  reading: Reading,
  fit: LabelledTable,
  tune: LabelledTable,
  correction: number,
  seed: number,
  progress: (step: string) => void = () => undefined,
): FittedHead {
  const scaling = scalingOf(fit.table);
  const [table, later] = [scaled(fit.table, scaling), scaled(tune.table, scaling)];
  const fitting = startWide(table, fit.labels, STRENGTHS[0]);
  const tried = tryStrengths(
    fitting,
    seed,
    (linear) => lossOf(logitsOf(linear, later), correction, tune.labels),
    progress,
  );
  const best = tried.reduce((one, other) => (other.logLoss < one.logLoss ? other : one));
  const deep = fitNetwork(table, fit.labels, later, tune.labels, best.linear, correction, seed, progress);
  const withNetwork = (linear: Linear) => ({
    ...linear,
    bias: linear.bias + correction,
    ...(deep.network && { network: deep.network }),
  });
  progress('all turns');
  const { linear, passes, logits } = learnLater(
    fitting,
    { strength: best.strength, fitted: fit.labels.length },
    // They were not sampled: their negatives count by the share that was taken of the others'.
    { ...tune, table: later, negativesCount: Math.exp(correction) },
    seed,
    (own, turns) => logitsOf(withNetwork(own), turns),
  );
  const calibration = chooseCalibration({ scores: logits, labels: tune.labels });
  return {
    head: {
      featuresVersion: featuresVersionOf(fit.table),
      reading,
      scaling,
      ...withNetwork(linear),
      calibration: calibration.chosen,
    },
    report: {
      strengths: tried.map(({ strength, logLoss: loss }) => ({ strength, logLoss: loss })),
      strength: best.strength,
      passes,
      epochs: deep.losses,
      epoch: deep.epoch,
      calibrations: calibration.losses,
    },
    toldOfTune: logits.map((logit) => calibrated(calibration.chosen, logit)),
  };
}

interface Tried {
  readonly strength: number;
  readonly linear: Linear;
  readonly logLoss: number;
}

/** From the weakest up, each from where the one before ended, until later turns are told worse: beyond that it is learned by heart. */
function tryStrengths(
  fitting: WideFit,
  seed: number,
  lossOfLater: (linear: Linear) => number,
  progress: (step: string) => void,
): readonly Tried[] {
  const tried: Tried[] = [];
  for (const strength of STRENGTHS) {
    progress(`strength ${String(strength)}`);
    fitting.strengthen(strength);
    settle(fitting, seed);
    const linear = linearOf(fitting);
    const [before, logLoss] = [tried.at(-1)?.logLoss ?? Infinity, lossOfLater(linear)];
    tried.push({ strength, linear, logLoss });
    if (logLoss > before) break;
  }
  return tried;
}

function fitNetwork(
  table: FeatureTable,
  labels: Uint8Array,
  later: FeatureTable,
  laterLabels: Uint8Array,
  linear: Linear,
  correction: number,
  seed: number,
  progress: (step: string) => void,
): { readonly network?: Network; readonly losses: readonly number[]; readonly epoch: number } {
  const fit = new NetworkFit(table, labels, logitsOf(linear, table), seededRandom(seed + 1));
  const random = seededRandom(seed + 2);
  const losses = [lossOf(logitsOf(linear, later), correction, laterLabels)];
  let best: { network?: Network; epoch: number; loss: number } = { epoch: 0, loss: (losses[0] ?? 0) - WORTH };
  for (let epoch = 1; epoch <= MOST_EPOCHS && epoch - best.epoch <= PATIENCE; epoch++) {
    progress(`epoch ${String(epoch)}`);
    fit.epoch(random);
    const network = fit.network();
    const loss = lossOf(logitsOf({ ...linear, network }, later), correction, laterLabels);
    losses.push(loss);
    if (loss < best.loss) best = { network, epoch, loss };
  }
  return { losses, epoch: best.epoch, ...(best.network && { network: best.network }) };
}

function lossOf(logits: Float64Array, correction: number, labels: Uint8Array): number {
  return logLoss(
    logits.map((logit) => 1 / (1 + Math.exp(-(logit + correction)))),
    labels,
  );
}
