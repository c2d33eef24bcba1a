/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of one length, indexed below it */
import { seededRandom } from '@heed/kernel';
import {
  areaUnderRoc,
  averagePrecision,
  bootstrapInterval,
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
  /** Share of positives that the model was trained with. */
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
  /** AUROC above that of the model that reads the length alone. */
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

const DRAWS = 200;

/** Deterministic by seed. O(draws n log n). */
export function evaluate(cases: JudgedCases, seed: number): Evaluation {
  const all = Uint32Array.from(cases.labels.keys());
  const names = Object.keys(FIGURES) as (keyof Figures)[];
  const of = (name: keyof Figures, drawn: Uint32Array): number => FIGURES[name](take(cases, drawn));
  const figures = Object.fromEntries(names.map((name) => [name, of(name, all)])) as unknown as Figures;
  const intervals = Object.fromEntries(
    names.map((name) => [
      name,
      bootstrapInterval(cases.clusters, (drawn) => of(name, drawn), seededRandom(seed), DRAWS),
    ]),
  ) as Record<keyof Figures, Interval>;
  return {
    n: all.length,
    positives: positivesOf(cases.labels),
    ...figures,
    intervals,
    reliability: reliability(cases.probabilities, cases.labels),
  };
}

const FIGURES: Readonly<Record<keyof Figures, (cases: JudgedCases) => number>> = {
  auroc: ({ probabilities, labels }) => areaUnderRoc({ scores: probabilities, labels }),
  prAuc: ({ probabilities, labels }) => averagePrecision({ scores: probabilities, labels }),
  logLoss: ({ probabilities, labels }) => logLoss(probabilities, labels),
  baseLogLoss: ({ labels, baseRate }) =>
    logLoss(labels.length === 0 ? new Float64Array() : sameFor(labels, baseRate), labels),
  ece: ({ probabilities, labels }) => calibrationError(reliability(probabilities, labels)),
  lengthAuroc: ({ byLength, labels }) => areaUnderRoc({ scores: byLength, labels }),
  lengthCorrelation: ({ probabilities, lengths }) => pearson(probabilities, lengths.map(Math.log1p)),
  overLength: (cases) => FIGURES.auroc(cases) - FIGURES.lengthAuroc(cases),
  overBaseRate: (cases) => FIGURES.baseLogLoss(cases) - FIGURES.logLoss(cases),
};

function take(cases: JudgedCases, drawn: Uint32Array): JudgedCases {
  const of = (column: Float64Array): Float64Array => Float64Array.from(drawn, (at) => column[at]!);
  return {
    ...cases,
    probabilities: of(cases.probabilities),
    labels: Uint8Array.from(drawn, (at) => cases.labels[at]!),
    lengths: of(cases.lengths),
    byLength: of(cases.byLength),
  };
}

function sameFor(labels: Uint8Array, rate: number): Float64Array {
  return new Float64Array(labels.length).fill(rate);
}

function positivesOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0);
}
