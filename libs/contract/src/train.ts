import { MODEL_NAME } from '@heed/policies';
import { TRAINED_PURPOSES, type ExposureRules, type TrainedPurpose } from '@heed/rewards';
import { z } from 'zod';

const kinds = z
  .array(z.string().min(1, 'kinds of reaction, like love').max(200))
  .min(1, 'at least one kind of reaction')
  .max(100);

/** `encoder` of a request that asks for none beside the native features. */
export const NATIVE_ENCODER = 'native';

/** The largest seed of the generator: 32 bits. */
const MOST_SEED = 4_294_967_295;

const trainMembers = z.strictObject({
  /** Kinds of reaction, or of other verdict, that make a turn a positive example; those of the purpose unless they are given. */
  positive: kinds.optional(),
  /** Kinds that make it a negative one; those of the purpose unless they are given, and where it has none, turns that were seen and not reacted to are. */
  negative: kinds.optional(),
  /** What the model is called; as its purpose unless it is given. */
  name: z.string().regex(MODEL_NAME, 'a name of small letters, digits and -, like love-search').optional(),
  /** `native`, or the name or version of a sentence encoder that the service was given; never a path: a body must not reach into the file system. */
  encoder: z
    .string()
    .regex(/^[\w.-]{1,200}$/, `${NATIVE_ENCODER}, or the name or version of an encoder of the service`)
    .optional(),
  seed: z
    .number()
    .int('a whole number')
    .min(0, 'a number from 0')
    .max(MOST_SEED, `a number up to ${MOST_SEED}`)
    .optional(),
});

/** What a training of a purpose may be asked for. */
function trainRequestFor({ positive: usual, negative: usualNegative }: ExposureRules) {
  return trainMembers.superRefine(({ positive, negative }, context) => {
    const negatives = negative ?? usualNegative;
    if (!(positive ?? usual).some((kind) => negatives.includes(kind))) return;
    const [wrong, other, others] =
      negative === undefined && positive !== undefined
        ? (['positive', 'negative', usualNegative] as const)
        : (['negative', 'positive', usual] as const);
    const message = `kinds that are not ${other} as well (without a word ${others.join(', ')} are)`;
    context.addIssue({ code: 'custom', path: [wrong], message });
  });
}

export const trainRequests = {
  love: trainRequestFor(TRAINED_PURPOSES.love.rules),
  defect: trainRequestFor(TRAINED_PURPOSES.defect.rules),
} as const satisfies Record<TrainedPurpose, z.ZodType>;
export type TrainRequest = z.infer<typeof trainMembers>;
