/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import { seededRandom } from '@heed/kernel';
import {
  areaUnderRoc,
  averagePrecision,
  bootstrapIntervals,
  calibrationError,
  logLoss,
  pearson,
  reliability,
  type Interval,
  type ReliabilityBin,
} from '@heed/statistics';

/** Cases that a model was not trained on, in columns. */
export interface JudgedCases {
  readonly probabilities: Float64Array;
  readonly labels: Uint8Array;
  /** Length of the answer, UTF-16 units. */
  readonly lengths: Float64Array;
  /** What a model that reads the length alone says. */
  readonly byLength: Float64Array;
  /** Share of positives that the model was calibrated by. */
  readonly baseRate: number;
  /** Cases of one number are one witness: a user's, or a session's where nobody is named. */
  readonly clusters: Uint32Array;
}

/** NaN where it cannot be told, of one class for instance. */
export interface Figures {
  readonly auroc: number;
  readonly prAuc: number;
  readonly logLoss: number;
  readonly baseLogLoss: number;
  readonly ece: number;
  readonly lengthAuroc: number;
  /** Pearson's, of the probability with ln(1 + length). */
  readonly lengthCorrelation: number;
  /** AUROC above that of the model that reads the length alone, or above chance where that one is below it. */
  readonly overLength: number;
  /** Log loss below that of the base rate. */
  readonly overBaseRate: number;
}

export interface Evaluation extends Figures {
  readonly n: number;
  readonly positives: number;
  /** 95 % of each, by bootstrap over clusters. */
  readonly intervals: Readonly<Record<keyof Figures, Interval>>;
  readonly reliability: readonly ReliabilityBin[];
}

const CHANCE = 0.5;

/** Deterministic by seed. O(draws n log n). */
export function evaluate(cases: JudgedCases, seed: number): Evaluation {
  return {
    ...evaluateFigures(cases, seed),
    reliability: reliability(cases.probabilities, cases.labels),
  };
}

/** The same without the reliability diagram. */
export function evaluateFigures(cases: JudgedCases, seed: number): Omit<Evaluation, 'reliability'> {
  const intervals = bootstrapIntervals(
    cases.clusters,
    (drawn) => figuresOf(casesAt(cases, drawn)),
    seededRandom(seed),
  );
  return {
    n: cases.labels.length,
    positives: cases.labels.reduce((sum, label) => sum + label, 0),
    ...figuresOf(cases),
    intervals,
  };
}

function figuresOf({
  probabilities,
  labels,
  lengths,
  byLength,
  baseRate,
}: JudgedCases): Readonly<Record<keyof Figures, number>> {
  const auroc = areaUnderRoc({ scores: probabilities, labels });
  const lengthAuroc = areaUnderRoc({ scores: byLength, labels });
  const ownLoss = logLoss(probabilities, labels);
  const baseLogLoss = logLoss(new Float64Array(labels.length).fill(baseRate), labels);
  return {
    auroc,
    prAuc: averagePrecision({ scores: probabilities, labels }),
    logLoss: ownLoss,
    baseLogLoss,
    ece: calibrationError(reliability(probabilities, labels)),
    lengthAuroc,
    lengthCorrelation: pearson(probabilities, lengths.map(Math.log1p)),
    overLength: auroc - Math.max(lengthAuroc, CHANCE),
    overBaseRate: baseLogLoss - ownLoss,
  };
}

/** The cases at these places, each as often as it is named. */
export function casesAt(cases: JudgedCases, places: ArrayLike<number>): JudgedCases {
  const of = (column: Float64Array): Float64Array => Float64Array.from(places, (at) => column[at]!);
  return {
    ...cases,
    probabilities: of(cases.probabilities),
    labels: Uint8Array.from(places, (at) => cases.labels[at]!),
    lengths: of(cases.lengths),
    byLength: of(cases.byLength),
    clusters: Uint32Array.from(places, (at) => cases.clusters[at]!),
  };
}
