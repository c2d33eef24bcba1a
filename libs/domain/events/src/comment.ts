import { z } from 'zod';
import { identifier, maybe, name, text } from './fields.ts';

/** What a user said about an answer in their own words. */
export const commentV1 = z.object({
  turn: identifier,
  user: maybe(identifier),
  text,
  stage: maybe(name),
});
