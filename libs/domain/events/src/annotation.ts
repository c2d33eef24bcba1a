import { z } from 'zod';
import { identifier, maybe, name, text } from './fields.ts';

const offset = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

const span = z
  .object({ part: z.enum(['request', 'response']), start: offset, end: offset })
  .refine(({ start, end }) => start <= end, { error: 'start at or before end' });

const region = z.object({ uri: z.string().min(1), box: z.tuple([share, share, share, share]) });

/** A mark on a part of a turn: a span of its text, or a box of a picture, whose sides are shares of the picture's. */
export const annotationV1 = z.object({
  turn: identifier,
  user: maybe(identifier),
  target: z.union([span, region], {
    error: '{ part: request | response, start, end } or { uri, box: [x, y, width, height] in 0..1 }',
  }),
  label: name,
  severity: maybe(z.union([z.string(), z.number()], { error: 'a word or a number' })),
  missing: maybe(z.boolean()),
  correction: maybe(text),
});
