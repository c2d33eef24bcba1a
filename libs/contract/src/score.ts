import { MODEL_PURPOSES } from '@heed/policies';
import { BEHAVIOURS } from '@heed/rewards';
import { z } from 'zod';

/** Turns of one request. */
export const MOST_TURNS_TO_SCORE = 256;

/** An answer in its place: what was said before it, oldest first, and the answer. Other members are not read. */
export const turnToScore = z.object({
  context: z.array(
    z.object({ role: z.enum(['user', 'assistant'], 'user or assistant'), text: z.string('a text') }),
    'a list of what was said before the answer, which may be empty',
  ),
  response: z.string('the answer, a text'),
});
export type TurnToScore = z.infer<typeof turnToScore>;

const fromZero = z.number('a number').min(0, 'a number from 0');

/** The same with what came after, which a model of failed turns reads and others do not; null and absent are the same: it did not happen, or is not known. */
export const turnWithAftermath = turnToScore.extend({
  /** The user's next words. */
  next: z.string('the next words of the user').nullish(),
  /** Milliseconds from the answer to them. */
  pauseMs: fromZero.nullish(),
  /** What was seen of the user meanwhile: kinds of behaviour events. */
  behaviour: z.array(z.enum(BEHAVIOURS, `one of ${BEHAVIOURS.join(', ')}`), 'a list of behaviour').nullish(),
  /** Longest look at the answer, milliseconds. */
  dwellMs: fromZero.nullish(),
  /** Turns of the session before this one; as many as the context has where it is not said. */
  turnsBefore: fromZero.int('a whole number').nullish(),
});
export type TurnWithAftermath = z.infer<typeof turnWithAftermath>;

export const scoreLoveRequest = z.strictObject({
  /** Id or name of a live model; left out, it is the one named `love`. */
  model: z.string().min(1).optional(),
  turns: z.array(turnToScore, 'a list of turns').min(1).max(MOST_TURNS_TO_SCORE),
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

/** By a live model of whatever purpose. */
export const scoreRequest = z.strictObject({
  /** Its id or name. */
  model: z.string().min(1),
  turns: z.array(turnWithAftermath, 'a list of turns').min(1).max(MOST_TURNS_TO_SCORE),
});
export type ScoreRequest = z.infer<typeof scoreRequest>;

export const scoreResponse = scoreLoveResponse.extend({
  /** `love`: scores are how likely an answer is loved; `defect`: how likely a turn failed. */
  purpose: z.enum(MODEL_PURPOSES),
});
export type ScoreResponse = z.infer<typeof scoreResponse>;
