import { z } from 'zod';

/** Answers of one request, over all prompts and policies. */
export const MOST_ANSWERS_ASKED = 10_000;
const TOO_MANY = `${MOST_ANSWERS_ASKED} answers at the most, over all prompts`;
const MOST_ROWS = 50;
const MOST_CANDIDATES = 64;

const text = z.string('a text');
const finite = z.number('a number');
const weight = finite.gt(0, 'a weight above 0').max(1e6, 'a weight up to 1e6');

/** What a policy says to one of the prompts that every policy was given. */
export const policyAnswer = z.object({
  policy: z
    .string('the name of a policy, as response.model has it')
    .min(1, 'the name of a policy, as response.model has it')
    .max(200),
  /** Oldest first; the prompt is the last thing the user said. */
  context: z
    .array(
      z.object({ role: z.enum(['user', 'assistant'], 'user or assistant'), text }),
      'a list of what was said, the prompt last',
    )
    .min(1, 'what the user said'),
  response: text,
});

export const foresightRequest = z.strictObject({
  /** Of every policy to every prompt; without any, those that the log has. */
  answers: z.array(policyAnswer).min(1, 'an answer at least').max(MOST_ANSWERS_ASKED, TOO_MANY).optional(),
});
export type ForesightRequest = z.infer<typeof foresightRequest>;

export const adversariesRequest = z.strictObject({
  /** Of users who are adversaries. */
  shares: z
    .array(finite.gt(0, 'a share above 0').max(0.5, 'a share up to 0.5'))
    .min(1, 'a share, like 0.01')
    .max(8, 'eight shares at the most')
    .optional(),
  /** They love answers with this text in them; without it, those that the model thinks least of. */
  containing: z.string().min(1, 'a text that answers contain').max(200).optional(),
});
export type AdversariesRequest = z.infer<typeof adversariesRequest>;

/** The answers that there are to choose from for one prompt; `base` is what each is worth without the model, for all of them or for none. */
export const candidatePool = z
  .object({
    prompt: text,
    answers: z
      .array(z.object({ text, base: finite.optional() }), 'a list of answers')
      .min(1, 'an answer at least')
      .max(MOST_CANDIDATES),
  })
  .refine(({ answers }) => new Set(answers.map(({ base }) => base === undefined)).size === 1, {
    path: ['answers'],
    error: 'a base for every answer, or for none',
  });
type CandidatePool = z.infer<typeof candidatePool>;

function hasBase(pool: CandidatePool | undefined): boolean {
  return pool?.answers[0]?.base !== undefined;
}

function areFew(answers: readonly (readonly unknown[])[]): boolean {
  return answers.reduce((sum, { length }) => sum + length, 0) <= MOST_ANSWERS_ASKED;
}

export const gamingRequest = z.strictObject({
  /** Without any, the answers that the log has. */
  pools: z
    .array(candidatePool)
    .min(1)
    .max(MOST_ANSWERS_ASKED)
    .superRefine((pools, context) => {
      const at = pools.findIndex((pool) => hasBase(pool) !== hasBase(pools[0]));
      if (at > 0)
        context.addIssue({
          code: 'custom',
          path: [at, 'answers'],
          message: 'a base for the answers of every prompt, or of none: those of the first differ',
        });
    })
    .refine((pools) => areFew(pools.map(({ answers }) => answers)), { error: TOO_MANY })
    .optional(),
  weights: z.array(weight).min(1, 'a weight, like 0.1').max(MOST_ROWS).optional(),
  /** Answers drawn for each prompt. */
  best: z
    .array(finite.int('a whole number').min(1, 'one answer at least').max(MOST_CANDIDATES))
    .min(1, 'a number of answers, like 8')
    .max(8)
    .optional(),
});
export type GamingRequest = z.infer<typeof gamingRequest>;

const rewards = z
  .record(z.string().min(1).max(100), finite)
  .refine((own) => !('love' in own), { error: 'no love: that is what the model says' });

/** The answers to one prompt that objectives choose among; `reference` is how likely the current policy gives each, for all of them or for none. */
export const weighedPrompt = z
  .object({
    prompt: text,
    candidates: z
      .array(
        z.object({
          text,
          reference: finite.min(0, 'a probability').max(1, 'a probability').optional(),
          rewards: rewards.default({}),
        }),
        'a list of candidates',
      )
      .min(1, 'a candidate at least')
      .max(MOST_CANDIDATES),
  })
  .refine(
    ({ candidates }) => new Set(candidates.map(({ reference }) => reference === undefined)).size === 1,
    {
      path: ['candidates'],
      error: 'a reference for every candidate, or for none',
    },
  );

export const objectivesRequest = z.strictObject({
  prompts: z
    .array(weighedPrompt)
    .min(1, 'a prompt at least')
    .max(MOST_ANSWERS_ASKED)
    .refine((prompts) => areFew(prompts.map(({ candidates }) => candidates)), { error: TOO_MANY }),
  /** A row each: what each objective weighs, `love` among them. */
  weightings: z
    .array(z.record(z.string().min(1).max(100), finite.min(0, 'a weight of 0 or more').max(1e6)))
    .min(1, 'weights, like love=0.1')
    .max(MOST_ROWS),
  /** What a candidate must keep to, whatever it is worth. */
  constraints: z
    .array(z.object({ objective: z.string().min(1).max(100), atLeast: finite }))
    .max(20)
    .default([]),
  /** What a nat of distance from the current policy costs. */
  beta: finite.gt(0, 'a number above 0').max(1e6).default(0.1),
});
export type ObjectivesRequest = z.input<typeof objectivesRequest>;
