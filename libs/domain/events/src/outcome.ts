import { z } from 'zod';
import { identifier, maybe, name, timestamp } from './fields.ts';

/** How it ended in the end, for one turn or for the whole session; may come days later and outranks everything immediate. */
export const outcomeV1 = z.object({
  turn: maybe(identifier),
  name,
  value: z.union([z.boolean(), z.number()], { error: 'true, false or a number' }),
  occurredAt: maybe(timestamp),
});
