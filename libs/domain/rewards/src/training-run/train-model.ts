import { seededRandom } from '@heed/kernel';
import type { RulesComparison } from '../evaluation/against-rules.ts';
import { releaseGates, type ReleaseGate } from '../evaluation/release-gates.ts';
import { referenceOf, watchedTurns, type Reference } from '../drift/reference.ts';
import { drawExamples, type Example, type Examples } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { sampleNegatives, type Sample } from '../exposure/sample-negatives.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import type { FeatureTable } from '../features/feature-table.ts';
import { scoreTurns, type RewardHead } from '../reward-head.ts';
import { fitHead, type FitReport } from '../training/fit-head.ts';
import type { LabelledTable } from '../training/labelled-table.ts';
import { splitByTime, type TimeSplit } from '../training/split-by-time.ts';
import { checkEnough, checkParts, positivesIn } from './check-enough.ts';
import { chooseThreshold, compareWithRules } from './compare-with-rules.ts';
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
  /** What turns were, of those after the ones that it was fitted on. */
  readonly reference: Reference;
  /** Of a model of failed turns: how it does beside the rules of sessions. */
  readonly rules?: RulesComparison;
}

/** Reading, four strengths, ten epochs at the most, all of it once more, judging. */
const STEPS = 17;

/**
 * From turns to a head that was judged on the last of them in time: examples, parts, the sample, the fit, calibration, figures, gates. The same turns in
 * whatever order and the same order give the same head.
 *
 * Throws Fault `training-...` when there is too little to learn from: it says what is missing and how much would be enough.
 */
export function trainModel(
  turns: readonly ObservedTurn[],
  order: TrainingOrder,
  progress: (progress: TrainingProgress) => void = () => undefined,
): TrainedHead {
  const reader = new FeatureReader(order.reading);
  const work = training(turns, order, reader, progress);
  let asked = work.next();
  while (asked.done !== true) asked = work.next(reader.read(asked.value));
  return asked.value;
}

/** A training asks for the features of turns as it goes: who runs it says how they are read. */
export type Training<T = TrainedHead> = Generator<readonly ObservedTurn[], T, FeatureTable>;

/** How many turns of each part will be read. Those of the fit and of its choice are held together, and with them one of the later ones. */
export interface TurnsToRead {
  readonly fit: number;
  readonly tune: number;
  readonly test: number;
  readonly reference: number;
}

/**
 * What `trainModel` does, whoever reads the turns.
 *
 * @param names of the bags and numbers of a turn; an encoder's numbers come behind them
 * @param foresee told of all that will be read before any of it is; it may throw
 */
export function* training(
  turns: readonly ObservedTurn[],
  { purpose, rules, reading, seed }: TrainingOrder,
  names: Pick<FeatureReader, 'bags' | 'numbers'>,
  progress: (progress: TrainingProgress) => void,
  foresee: (toRead: TurnsToRead) => void = () => undefined,
): Training {
  let done = 0;
  const step = (name: string): void => {
    progress({ step: name, done: done++, of: STEPS });
  };
  const drawn = drawExamples(turns, rules, lastMomentOf(turns));
  checkEnough(turns, drawn, { purpose, rules });
  const parts = splitByTime(drawn.examples);
  checkParts(parts, purpose);
  const { fit, tune, test } = parts;
  const sample = sampleNegatives(fit, seededRandom(seed));
  const later = turnsAfterFit(turns, parts);
  foresee({
    fit: sample.examples.length,
    tune: tune.length,
    test: test.length,
    reference: later.length,
  });
  step('reading texts');
  const own = yield* labelled(sample.examples);
  const chosenBy = yield* labelled(tune);
  const { head, report, toldOfTune } = fitHead(reading, own, chosenBy, sample.correction, seed, step);
  done = STEPS - 1;
  step('judging');
  const baselines = {
    baseRate: positivesIn(tune) / tune.length,
    length: fitLengthLine([...fit, ...tune]),
  };
  const { probabilities } = scoreTurns(head, (yield* labelled(test)).table);
  const judgement = judgeExamples(test, probabilities, baselines, usersOf([...fit, ...tune]), seed);
  // From which probability on to say that a turn is positive: by turns that were not learned from when they were told.
  const threshold = chooseThreshold(tune, toldOfTune);
  const besideRules =
    purpose === 'defect' ? compareWithRules(test, probabilities, threshold, seed) : undefined;
  return {
    head,
    bags: names.bags,
    numbers: names.numbers,
    report,
    drawn,
    parts,
    sample,
    baselines,
    judgement,
    gates: releaseGates(judgement.evaluation, judgement.segments),
    reference: referenceOf(later, yield later, head, names.numbers),
    ...(besideRules && { rules: besideRules }),
  };
}

/** All answered turns of the last part's time, reacted to or not: they are what traffic is held against. */
function turnsAfterFit(
  turns: readonly ObservedTurn[],
  { fit, tune, test }: TimeSplit,
): readonly ObservedTurn[] {
  const sessions = new Set([...fit, ...tune].map(({ turn }) => turn.session));
  const fromMs = test[0]?.turn.atMs ?? Infinity;
  return watchedTurns(turns, ({ atMs, session }) => atMs >= fromMs && !sessions.has(session));
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

function* labelled(examples: readonly Example[]): Training<LabelledTable> {
  const numbers = new Map<string, number>();
  for (const { turn } of examples) if (!numbers.has(turn.session)) numbers.set(turn.session, numbers.size);
  return {
    table: yield examples.map(({ turn }) => turn),
    labels: Uint8Array.from(examples, ({ label }) => label),
    sessions: Uint32Array.from(examples, ({ turn }) => numbers.get(turn.session) ?? 0),
  };
}

function usersOf(examples: readonly Example[]): ReadonlySet<string> {
  return new Set(examples.flatMap(({ turn }) => turn.user ?? []));
}
