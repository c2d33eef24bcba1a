import type { Evaluation } from './evaluate.ts';
import type { Segment } from './segments.ts';

export interface ReleaseThresholds {
  /** Expected calibration error is below this. */
  readonly mostEce: number;
  /** Of the probability with the answer's length: neither above this nor below its negative. */
  readonly mostLengthCorrelation: number;
}

const DEFAULT_RELEASE: ReleaseThresholds = { mostEce: 0.05, mostLengthCorrelation: 0.3 };

export const RELEASE_GATES = [
  'better-than-length',
  'better-than-base-rate',
  'calibrated',
  'not-length',
  'no-segment-below-chance',
] as const;

export interface ReleaseGate {
  readonly gate: (typeof RELEASE_GATES)[number];
  readonly passed: boolean;
  /** What was measured, and what it has to be above or below. */
  readonly measured: number;
  readonly bound: number;
  /** For a person: what was measured and, where it was refused, by how much it missed. */
  readonly says: string;
}

/** All gates, those that were passed too. NaN passes none. */
export function releaseGates(
  { intervals, ece, lengthCorrelation, overLength, overBaseRate }: Evaluation,
  segments: readonly Segment[],
  { mostEce, mostLengthCorrelation }: ReleaseThresholds = DEFAULT_RELEASE,
): readonly ReleaseGate[] {
  const worst = segments[0];
  return [
    above(
      'better-than-length',
      intervals.overLength.low,
      0,
      `AUROC is ${signed(overLength)} beside the length alone, at least ${signed(intervals.overLength.low)}`,
    ),
    above(
      'better-than-base-rate',
      intervals.overBaseRate.low,
      0,
      `log loss is ${signed(overBaseRate)} better than the base rate's, at least ${signed(intervals.overBaseRate.low)}`,
    ),
    below('calibrated', ece, mostEce, `expected calibration error is ${figure(ece)}`),
    below(
      'not-length',
      Math.abs(lengthCorrelation),
      mostLengthCorrelation,
      `correlation with the length is ${signed(lengthCorrelation)}`,
    ),
    worst === undefined
      ? {
          gate: 'no-segment-below-chance',
          passed: true,
          measured: NaN,
          bound: 0.5,
          says: 'no segment has enough cases to be judged',
        }
      : above(
          'no-segment-below-chance',
          worst.auroc,
          0.5,
          `the worst segment, ${worst.by} ${worst.name}, has AUROC ${figure(worst.auroc)}`,
        ),
  ];
}

type Gate = ReleaseGate['gate'];

function above(gate: Gate, measured: number, bound: number, says: string): ReleaseGate {
  const passed = measured > bound;
  return {
    gate,
    passed,
    measured,
    bound,
    says: passed ? says : `${says}: it must be above ${figure(bound)}`,
  };
}

function below(gate: Gate, measured: number, bound: number, says: string): ReleaseGate {
  const passed = measured < bound;
  return {
    gate,
    passed,
    measured,
    bound,
    says: passed ? says : `${says}: it must be below ${figure(bound)}`,
  };
}

function figure(value: number): string {
  return value.toFixed(3);
}

function signed(value: number): string {
  return value < 0 ? figure(value) : `+${figure(value)}`;
}
