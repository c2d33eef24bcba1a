import { z } from 'zod';
import { mineRequest } from './mine.ts';

/** UTC days of session ends: from `since` on, before `until`. */
export const scoreLogRequest = mineRequest.pick({ since: true, until: true });
export type ScoreLogRequest = z.infer<typeof scoreLogRequest>;

const count = z.number().int();

/** How a model scored the turns of a window, as they stand: `turns` = `scored` + `leftOut` + `waiting`. */
export const logScores = z.object({
  /** Id of the model. */
  model: z.string(),
  turns: count,
  scored: count,
  /** Turns without an answer. */
  leftOut: count,
  /** Turns of sessions that the model has not scored as they stand: they are new, or say something else by now. */
  waiting: count,
  /** Mean probability of what the model is of, that the answer is loved or that the turn failed, of the scored turns; null where there are none. */
  meanScore: z.number().nullable(),
  byDay: z.array(
    z.object({ day: z.string(), turns: count, scored: count, meanScore: z.number().nullable() }),
  ),
  /** By the model of the application that answered and the fix that was served, '' for neither; the 200 with the most turns. */
  byPolicy: z.array(
    z.object({ responseModel: z.string(), servedFix: z.string(), scored: count, meanScore: z.number() }),
  ),
});
export type LogScoresView = z.infer<typeof logScores>;

export const scoreLogReport = logScores.extend({
  /** By this run: the others had been scored before. */
  scoredNow: count,
  seconds: z.number(),
});
export type ScoreLogReport = z.infer<typeof scoreLogReport>;
