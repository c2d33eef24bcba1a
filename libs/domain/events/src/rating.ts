import { z } from 'zod';
import { identifier, judge, maybe, name } from './fields.ts';

const scale = z.object({ min: z.number(), max: z.number() }).refine(({ min, max }) => min < max, {
  error: 'a scale whose min is below its max',
});

/** A number for one aspect of a turn, or, without a turn, of the whole session. */
export const ratingV1 = z
  .object({
    turn: maybe(identifier),
    user: maybe(identifier),
    aspect: name,
    value: z.number(),
    scale,
    by: judge,
  })
  .refine(({ value, scale: { min, max } }) => min <= value && value <= max, {
    error: 'a value on the scale, from its min to its max',
    path: ['value'],
  });
