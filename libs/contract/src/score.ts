import { z } from 'zod';

/** Turns of one request. */
export const MOST_TURNS_TO_SCORE = 256;

/** An answer in its place: what was said before it, oldest first, and the answer. Other members are not read. */
export const turnToScore = z.object({
  context: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })),
  response: z.string(),
});
export type TurnToScore = z.infer<typeof turnToScore>;

export const scoreLoveRequest = z.strictObject({
  /** Id or name of a live model; left out, it is the one named `love`. */
  model: z.string().min(1).optional(),
  turns: z.array(turnToScore).min(1).max(MOST_TURNS_TO_SCORE),
});
export type ScoreLoveRequest = z.infer<typeof scoreLoveRequest>;

/** `score` is the probability, calibrated; `logit` is what it was calibrated from. */
export const turnScore = z.object({ score: z.number(), logit: z.number() });
export type TurnScore = z.infer<typeof turnScore>;

export const scoreLoveResponse = z.object({
  /** Id of the model that was live. */
  model: z.string(),
  /** In the order of the turns. */
  scores: z.array(turnScore),
});
export type ScoreLoveResponse = z.infer<typeof scoreLoveResponse>;
