import { z } from 'zod';
import { identifier, maybe, name, text } from './fields.ts';

/** What a program found about a turn: a test that passed or not, a number that it measured. */
export const checkV1 = z.object({
  turn: identifier,
  name,
  passed: maybe(z.boolean()),
  value: maybe(z.number()),
  unit: maybe(z.string()),
  detail: maybe(text),
});
