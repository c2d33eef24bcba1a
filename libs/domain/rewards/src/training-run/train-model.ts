import { seededRandom } from '@heed/kernel';
import { releaseGates, type ReleaseGate } from '../evaluation/release-gates.ts';
import { drawExamples, type Example, type Examples } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { sampleNegatives, type Sample } from '../exposure/sample-negatives.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import { scoreTurns, type RewardHead } from '../reward-head.ts';
import { fitHead, type FitReport, type LabelledTable } from '../training/fit-head.ts';
import { splitByTime, type TimeSplit } from '../training/split-by-time.ts';
import { checkEnough, checkParts, positivesIn } from './check-enough.ts';
import { judgeExamples, type Baselines, type Judgement } from './judge-examples.ts';
import { fitLengthLine } from './length-line.ts';
import type { TrainingOrder, TrainingProgress } from './training-order.ts';

/** All that a training made and found. */
export interface TrainedHead {
  readonly head: RewardHead;
  readonly bags: readonly string[];
  readonly numbers: readonly string[];
  readonly report: FitReport;
  readonly drawn: Examples;
  readonly parts: TimeSplit;
  readonly sample: Sample;
  readonly baselines: Baselines;
  readonly judgement: Judgement;
  readonly gates: readonly ReleaseGate[];
}

/** Reading, four strengths, ten epochs at the most, judging. */
const STEPS = 16;

/**
 * From turns to a head that was judged on the last of them in time: examples, parts, the sample, the fit, calibration, figures, gates. The same turns in
 * whatever order and the same order give the same head.
 *
 * Throws Fault `training-...` when there is too little to learn from: it says what is missing and how much would be enough.
 */
export function trainModel(
  turns: readonly ObservedTurn[],
  { rules, reading, seed }: TrainingOrder,
  progress: (progress: TrainingProgress) => void = () => undefined,
): TrainedHead {
  let done = 0;
  const step = (name: string): void => {
    progress({ step: name, done: done++, of: STEPS });
  };
  const drawn = drawExamples(turns, rules, lastMomentOf(turns));
  checkEnough(turns, drawn, rules);
  const parts = splitByTime(drawn.examples);
  checkParts(parts);
  const { fit, tune, test } = parts;
  const sample = sampleNegatives(fit, seededRandom(seed));
  step('reading texts');
  const reader = new FeatureReader(reading);
  const { head, report } = fitHead(
    reading,
    labelled(reader, sample.examples),
    labelled(reader, tune),
    sample.correction,
    seed,
    step,
  );
  done = STEPS - 1;
  step('judging');
  const baselines = {
    baseRate: positivesIn(tune) / tune.length,
    length: fitLengthLine([...fit, ...tune]),
  };
  const { probabilities } = scoreTurns(head, labelled(reader, test).table);
  const judgement = judgeExamples(test, probabilities, baselines, usersOf(fit), seed);
  return {
    head,
    bags: reader.bags,
    numbers: reader.numbers,
    report,
    drawn,
    parts,
    sample,
    baselines,
    judgement,
    gates: releaseGates(judgement.evaluation, judgement.segments),
  };
}

/** The end of what was observed is when something happened last: the log says it, no clock does. */
export function lastMomentOf(turns: readonly ObservedTurn[]): number {
  let last = -Infinity;
  for (const { atMs, reactions } of turns) {
    last = Math.max(last, atMs);
    for (const reaction of reactions) last = Math.max(last, reaction.atMs);
  }
  return last;
}

function labelled(reader: FeatureReader, examples: readonly Example[]): LabelledTable {
  return {
    table: reader.read(examples.map(({ turn }) => turn)),
    labels: Uint8Array.from(examples, ({ label }) => label),
  };
}

function usersOf(examples: readonly Example[]): ReadonlySet<string> {
  return new Set(examples.flatMap(({ turn }) => turn.user ?? []));
}
