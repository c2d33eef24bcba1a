import { z } from 'zod';

/** Why there is no answer, and what it would take. */
const unanswered = z.object({ answered: z.literal(false), why: z.string() });

const interval = z.object({ low: z.number(), high: z.number() });

/** What a model says of a policy. */
const predictedPolicy = z.object({
  policy: z.string(),
  /** Mean probability of love that the model gives its answers. */
  predicted: z.number(),
  /** 95 % by which prompts they were, taking the model's word; absent where they are fewer than five. */
  interval: interval.optional(),
});
export type PredictedPolicy = z.infer<typeof predictedPolicy>;
/** Policies whose answers were given and that have no observed rate to compare with: what is predicted of them. */
const candidates = z.array(predictedPolicy).optional();

export const foresightAnswer = z.discriminatedUnion('answered', [
  z.object({
    answered: z.literal(true),
    policies: z.array(
      predictedPolicy.extend({
        /** Share that was loved, on the prompts where there are any that the log has of all: then each counts alike; and of how many rated turns. */
        observed: z.number(),
        examples: z.number(),
      }),
    ),
    /** Prompts that all of them answered and that the predictions are of, and the rates where the prompts are of the log; 0: both on the requests that each happened to get. */
    prompts: z.number(),
    /** Whether the model learned from the reactions that the rates are of. */
    learnedFrom: z.boolean(),
    /** Policies of the log with too few examples for a rate. */
    leftOut: z.array(z.string()),
    candidates,
    correlation: z.number().optional(),
    interval: interval.optional(),
    says: z.string(),
  }),
  unanswered.extend({ candidates }),
]);
export type ForesightAnswer = z.infer<typeof foresightAnswer>;

const moved = z.object({
  targetLoveRate: z.number().optional(),
  targetScore: z.number().optional(),
  auroc: z.number().optional(),
});

export const adversariesAnswer = z.discriminatedUnion('answered', [
  z.object({
    answered: z.literal(true),
    /** What adversaries love. */
    target: z.string(),
    /** Turns that were learned from for this, and their users; turns it was judged on. */
    turns: z.number(),
    users: z.number(),
    judgedOn: z.number(),
    honest: z.object({ capped: moved, uncapped: moved }),
    rows: z.array(z.object({ share: z.number(), adversaries: z.number(), capped: moved, uncapped: moved })),
    says: z.string(),
  }),
  unanswered,
]);
export type AdversariesAnswer = z.infer<typeof adversariesAnswer>;

const signs = z.object({
  closingPhrases: z.number(),
  conversationEnds: z.number(),
  repetitionWithin: z.number(),
  repetitionBetween: z.number(),
  pairwiseMeteor: z.number(),
  words: z.number(),
});
const tripped = z.array(signs.keyof());

export const gamingAnswer = z.discriminatedUnion('answered', [
  z.object({
    answered: z.literal(true),
    prompts: z.number(),
    answers: z.number(),
    /** What the weight of the model stands beside: worth that was given, or as often as the log has an answer. */
    beside: z.enum(['base', 'frequency']),
    runs: z.array(
      z.object({
        /** The best of so many answers. */
        best: z.number(),
        without: signs,
        /** By rising weight. */
        rows: z.array(z.object({ weight: z.number(), signs, tripped })),
      }),
    ),
    /** Where the first tripwire fires: at the least pressure, the fewest answers and then the lowest weight. */
    first: z.object({ best: z.number(), weight: z.number(), tripped }).optional(),
    says: z.string(),
  }),
  unanswered,
]);
export type GamingAnswer = z.infer<typeof gamingAnswer>;

export const objectivesAnswer = z.object({
  prompts: z.number(),
  beta: z.number(),
  constraints: z.array(z.object({ objective: z.string(), atLeast: z.number() })),
  rows: z.array(
    z.object({
      weights: z.record(z.string(), z.number()),
      expected: z.record(z.string(), z.number()),
      kl: z.number(),
      /** Places of rows that give at least as much of everything and more of something. */
      dominatedBy: z.array(z.number()),
    }),
  ),
});
export type ObjectivesAnswer = z.infer<typeof objectivesAnswer>;

export type ModelAnswer = ForesightAnswer | AdversariesAnswer | GamingAnswer | ObjectivesAnswer;

/** The part of a card that says what its figures cannot. */
export const cardQuestions = z.object({
  foresight: foresightAnswer,
  adversaries: adversariesAnswer,
  gaming: gamingAnswer,
});
export type CardQuestions = z.infer<typeof cardQuestions>;
