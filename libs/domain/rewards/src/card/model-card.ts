import { z } from 'zod';
import { reference } from '../drift/reference.ts';
import { cardQuestions } from '../questions/model-answers.ts';
import { READINGS } from '../features/feature-reader.ts';
import { rulesFigures, rulesInCard } from './rules-figures.ts';
import { MODEL_PURPOSES } from '../serving/model-file.ts';

/** Null where it cannot be told. */
const figure = z.number().nullable();
const interval = z.object({ low: figure, high: figure });
const moment = z.iso.datetime();

/** Names of the figures of an evaluation, each of which has an interval. */
export const FIGURES = [
  'auroc',
  'prAuc',
  'logLoss',
  'baseLogLoss',
  'ece',
  'lengthAuroc',
  'lengthCorrelation',
  'overLength',
  'overBaseRate',
] as const;

/** Those that a segment has beside its AUROC. */
export const SEGMENT_FIGURES = ['prAuc', 'logLoss', 'baseLogLoss', 'ece', 'lengthCorrelation'] as const;

/** Figures on turns that a model was not trained on, with 95 % intervals by bootstrap over users. */
export const judgedFigures = z.object({
  n: z.number(),
  positives: z.number(),
  auroc: figure,
  prAuc: figure,
  logLoss: figure,
  baseLogLoss: figure,
  ece: figure,
  lengthAuroc: figure,
  lengthCorrelation: figure,
  overLength: figure,
  overBaseRate: figure,
  intervals: z.record(z.enum(FIGURES), interval),
  reliability: z.array(z.object({ cases: z.number(), said: z.number(), seen: z.number() })),
  /** The worst first; only those with enough of both classes. */
  segments: z.array(
    z.object({
      by: z.string(),
      name: z.string(),
      n: z.number(),
      positives: z.number(),
      auroc: figure,
      interval,
      /** Absent from cards that an earlier Heed wrote. */
      figures: z.record(z.enum(SEGMENT_FIGURES), z.object({ value: figure, interval })).optional(),
    }),
  ),
  /** The first of them, in words; null where none has enough of both classes. */
  worstSegment: z.string().nullable(),
});
export type JudgedFigures = z.infer<typeof judgedFigures>;

/** How a model does on turns that it was not trained on. */
export const laterFigures = judgedFigures.extend({
  model: z.string(),
  /** Turns that the model was trained on, and that are not among those judged. */
  trainedOn: z.number(),
  /** Other turns of the sessions of those, left out too. */
  straddling: z.number(),
  /** Of a model of failed turns: beside the rules of sessions. */
  rules: rulesFigures.optional(),
});
export type LaterFigures = z.infer<typeof laterFigures>;

const part = z.object({ n: z.number(), positives: z.number(), from: moment, to: moment });

/** Everything that a trained model is to be judged by, and what it was made of. */
export const modelCard = z.object({
  card: z.literal(1),
  model: z.string(),
  name: z.string(),
  purpose: z.enum(MODEL_PURPOSES),
  trainedAt: moment,
  /** Whether every gate was passed. */
  verdict: z.enum(['passed', 'refused']),
  gates: z.array(
    z.object({
      gate: z.string(),
      passed: z.boolean(),
      measured: figure,
      bound: z.number(),
      says: z.string(),
    }),
  ),
  /** Times of the first and last example. */
  window: z.object({ from: moment, to: moment }),
  counts: z.object({
    turns: z.number(),
    reactions: z.number(),
    reactors: z.number(),
    users: z.number(),
    examples: z.number(),
    positives: z.number(),
    negatives: z.number(),
  }),
  /** Which turns could have been reacted to, and what of them is what. */
  exposure: z.object({
    positive: z.array(z.string()),
    negative: z.array(z.string()),
    reactionTimeMs: z.number(),
    burst: z.number(),
    burstMs: z.number(),
    userShare: z.number(),
    userLeast: z.number(),
  }),
  leftOut: z.object({
    unanswered: z.number(),
    tooYoung: z.number(),
    ofNonReactors: z.number(),
    otherReactions: z.number(),
    torn: z.number(),
    capped: z.number(),
  }),
  capped: z.object({ burst: z.number(), user: z.number(), users: z.number(), mostOfUser: z.number() }),
  parts: z.object({ fit: part, tune: part, test: part, straddling: z.number() }),
  sampling: z.object({
    negatives: z.number(),
    ofNegatives: z.number(),
    /** Added to the logits that were learned on the sample. */
    correction: z.number(),
  }),
  features: z.object({
    version: z.string(),
    reading: z.enum(READINGS),
    bags: z.array(z.string()),
    numbers: z.array(z.string()),
    /** By the hash of its files, where a sentence encoder read the texts too; how many numbers it adds to those named. */
    encoder: z.object({ version: z.string(), numbers: z.number() }).optional(),
  }),
  training: z.object({
    seed: z.number(),
    strengths: z.array(z.object({ strength: z.number(), logLoss: figure })),
    strength: z.number(),
    passes: z.number(),
    epochs: z.array(figure),
    /** The one that was kept; 0: the wide part alone did better. */
    epoch: z.number(),
    calibration: z.enum(['platt', 'isotonic']),
    calibrations: z.object({ platt: figure, isotonic: figure }),
  }),
  /** On the last part in time. */
  evaluation: judgedFigures,
  /** What the figures cannot say; absent from cards that an earlier Heed wrote. */
  questions: cardQuestions.optional(),
  /** What the model is held against. */
  baselines: z.object({
    baseRate: z.number(),
    length: z.object({ slope: z.number(), offset: z.number() }),
  }),
  /** What turns were then; absent from cards that an earlier Heed wrote. */
  reference: reference.optional(),
  /** Of a model of failed turns: beside the rules by which sessions tell them. */
  rules: rulesInCard.optional(),
  versions: z.object({ heed: z.string(), features: z.string(), card: z.number() }),
  file: z.object({ sha256: z.string(), bytes: z.number() }),
  /** Ids of the turns and reactions behind the examples; of many, a digest that knows each of them. */
  events: z.union([
    z.object({ count: z.number(), ids: z.array(z.string()) }),
    z.object({ count: z.number(), digest: z.base64() }),
  ]),
});
export type ModelCard = z.infer<typeof modelCard>;
