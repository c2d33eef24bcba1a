import type { Example } from '../exposure/draw-examples.ts';
import { encoderIn } from '../features/feature-reader.ts';
import { positivesIn } from '../training-run/check-enough.ts';
import { eventSetOf } from '../training-run/event-set.ts';
import type { TrainedHead } from '../training-run/train-model.ts';
import type { TrainingOrder } from '../training-run/training-order.ts';
import { judgedFiguresOf } from './judged-figures.ts';
import type { ModelCard } from './model-card.ts';
import { rulesInCardOf } from './rules-figures.ts';
import { told } from './told.ts';

/** What the card says of the file that was written. */
export interface WrittenFile {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly heedVersion: string;
}

/** @param model what the model is called, by its name and its file */
export function cardOf(
  {
    head,
    bags,
    numbers,
    report,
    drawn,
    parts,
    sample,
    baselines,
    judgement,
    gates,
    reference,
    rules: besideRules,
  }: TrainedHead,
  { name, purpose, rules, seed, trainedAtMs }: TrainingOrder,
  { sha256, bytes, heedVersion }: WrittenFile,
  model: string,
): ModelCard {
  const { examples, turns, reactions, reactors, users, positives, negatives, leftOut, capped } = drawn;
  const encoder = encoderIn(head.featuresVersion);
  const verdict = gates.every(({ passed }) => passed) ? 'passed' : 'refused';
  return {
    card: 1,
    model,
    name,
    purpose,
    trainedAt: timeOf(trainedAtMs),
    verdict,
    gates: gates.map((gate) => ({ ...gate, measured: told(gate.measured) })),
    window: windowOf(examples),
    counts: { turns, reactions, reactors, users, examples: examples.length, positives, negatives },
    exposure: { ...rules, positive: [...rules.positive], negative: [...rules.negative] },
    leftOut,
    capped,
    parts: {
      fit: partOf(parts.fit),
      tune: partOf(parts.tune),
      test: partOf(parts.test),
      straddling: parts.straddling,
    },
    sampling: {
      negatives: sample.negatives,
      ofNegatives: sample.ofNegatives,
      correction: sample.correction,
    },
    features: {
      version: head.featuresVersion,
      reading: head.reading,
      bags: [...bags],
      numbers: [...numbers],
      ...(encoder !== undefined && {
        encoder: { version: encoder, numbers: head.numbers.length - numbers.length },
      }),
    },
    training: {
      seed,
      strengths: report.strengths.map(({ strength, logLoss }) => ({ strength, logLoss: told(logLoss) })),
      strength: report.strength,
      passes: report.passes,
      epochs: report.epochs.map(told),
      epoch: report.epoch,
      calibration: head.calibration.method,
      calibrations: {
        platt: told(report.calibrations.platt),
        isotonic: told(report.calibrations.isotonic),
      },
    },
    evaluation: judgedFiguresOf(judgement),
    baselines: {
      baseRate: baselines.baseRate,
      length: { slope: baselines.length.slope, offset: baselines.length.offset },
    },
    reference,
    ...(besideRules && { rules: rulesInCardOf(besideRules, verdict === 'refused') }),
    versions: { heed: heedVersion, features: head.featuresVersion, card: 1 },
    file: { sha256, bytes },
    events: eventsOf(examples),
  };
}

/** A turn and the reactions that made it what it is. */
function eventsOf(examples: readonly Example[]): ModelCard['events'] {
  const set = eventSetOf(examples.flatMap(({ turn, reactions }) => [turn.event, ...reactions]));
  return 'ids' in set ? { count: set.count, ids: [...set.ids] } : set;
}

function windowOf(examples: readonly Example[]): ModelCard['window'] {
  return { from: timeOf(examples[0]?.turn.atMs ?? 0), to: timeOf(examples.at(-1)?.turn.atMs ?? 0) };
}

function partOf(examples: readonly Example[]): ModelCard['parts']['fit'] {
  return { n: examples.length, positives: positivesIn(examples), ...windowOf(examples) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
