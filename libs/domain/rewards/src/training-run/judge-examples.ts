import type { PlattLine } from '../calibration/platt.ts';
import { evaluate, type Evaluation } from '../evaluation/evaluate.ts';
import { segmentsOf, type Segment } from '../evaluation/segments.ts';
import type { Example } from '../exposure/draw-examples.ts';
import { byLengthLine } from './length-line.ts';

/** The models that a model is held against, as they were fitted when it was. */
export interface Baselines {
  /** Share of positives among what the model was calibrated by: it knows no later one, and an older one is easily beaten where love comes and goes. */
  readonly baseRate: number;
  readonly length: PlattLine;
}

export interface Judgement {
  readonly evaluation: Evaluation;
  /** The worst first. */
  readonly segments: readonly Segment[];
}

/** @param knownUsers who was learned from */
export function judgeExamples(
  examples: readonly Example[],
  probabilities: Float64Array,
  { baseRate, length }: Baselines,
  knownUsers: ReadonlySet<string>,
  seed: number,
): Judgement {
  const lengths = Float64Array.from(examples, ({ turn }) => turn.response.length);
  const cases = {
    probabilities,
    labels: Uint8Array.from(examples, ({ label }) => label),
    lengths,
    byLength: byLengthLine(length, lengths),
    baseRate,
    clusters: clustersOf(examples),
  };
  return { evaluation: evaluate(cases, seed), segments: segmentsOf(examples, cases, knownUsers, seed) };
}

/** A number for each user; for each session where nobody is named. */
export function clustersOf(examples: readonly Example[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(examples, ({ turn }) => {
    const witness = turn.user ?? `\0${turn.session}`;
    const number = numbers.get(witness) ?? numbers.size;
    numbers.set(witness, number);
    return number;
  });
}
