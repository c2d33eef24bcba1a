import { z } from 'zod';
import { identifier, maybe, name } from './fields.ts';

/** That a unit was shown a variant, and how probable that was. What was shown had a chance, so the propensity is above 0. */
export const exposure = z.object({
  policy: name,
  variant: name,
  propensity: z.number().gt(0).max(1),
  unit: identifier,
});

export const exposureV1 = z.object({ turn: maybe(identifier), ...exposure.shape });
