import { DEFAULT_EXPOSURE } from '@heed/rewards';
import { z } from 'zod';

const kinds = z
  .array(z.string().min(1, 'kinds of reaction, like love').max(200))
  .min(1, 'at least one kind of reaction')
  .max(100);

/** The largest seed of the generator: 32 bits. */
const MOST_SEED = 4_294_967_295;

export const trainRequest = z
  .strictObject({
    /** Kinds of reaction that make a turn a positive example; those of `DEFAULT_EXPOSURE` unless they are given. */
    positive: kinds.optional(),
    /** Kinds that make it a negative one; without any, turns that were seen and not reacted to are. */
    negative: kinds.optional(),
    /** What the model is called; `love` unless it is given. */
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name of small letters, digits and -, like love-search')
      .optional(),
    seed: z
      .number()
      .int('a whole number')
      .min(0, 'a number from 0')
      .max(MOST_SEED, `a number up to ${MOST_SEED}`)
      .optional(),
  })
  .refine(
    ({ positive = DEFAULT_EXPOSURE.positive, negative = [] }) =>
      !positive.some((kind) => negative.includes(kind)),
    {
      path: ['negative'],
      error: `kinds that are not positive as well (without a word ${DEFAULT_EXPOSURE.positive.join(', ')} are)`,
    },
  );
export type TrainRequest = z.infer<typeof trainRequest>;
