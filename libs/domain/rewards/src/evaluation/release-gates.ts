import { calibrationNoise } from '@heed/statistics';
import type { Evaluation } from './evaluate.ts';
import { LEAST_OF_CLASS, type Segment } from './segments.ts';

export interface ReleaseThresholds {
  /**
   * Expected calibration error beyond what a calibrated model has on as many cases is below this. On few cases that forgives, since of an error near
   * the noise less is left than there is: simulated, .1 too much passes .05 six times in ten on 300 cases, once in ten on 1 000, never on 3 000.
   */
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
  { intervals, n, ece, reliability, lengthCorrelation, overLength, overBaseRate }: Evaluation,
  segments: readonly Segment[],
  { mostEce, mostLengthCorrelation }: ReleaseThresholds = DEFAULT_RELEASE,
): readonly ReleaseGate[] {
  const worst = segments[0];
  const noise = calibrationNoise(reliability);
  return [
    above(
      'better-than-length',
      intervals.overLength.low,
      0,
      `AUROC is ${signed(overLength)} beside the length alone or chance, at least ${signed(intervals.overLength.low)}`,
    ),
    above(
      'better-than-base-rate',
      intervals.overBaseRate.low,
      0,
      `log loss is ${signed(overBaseRate)} better than the base rate's, at least ${signed(intervals.overBaseRate.low)}`,
    ),
    below(
      'calibrated',
      ece - noise,
      mostEce,
      `expected calibration error is ${figure(ece)}, ${signed(ece - noise)} beside the ${figure(noise)} that a calibrated model has on ${n} cases`,
    ),
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
          says: `not judged: no segment has ${LEAST_OF_CLASS} cases of either class`,
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
