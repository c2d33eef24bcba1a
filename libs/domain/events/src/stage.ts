import { z } from 'zod';
import { identifier, maybe, name, text } from './fields.ts';

/** What a user thought of one stage of the application's work on a turn. */
export const stageV1 = z.object({
  turn: identifier,
  user: maybe(identifier),
  stage: name,
  verdict: z.enum(['good', 'bad']),
  correction: maybe(text),
});
