import { z } from 'zod';
import { evidenceFields } from './mine.ts';

export const FIX_ACTIONS = ['approve', 'canary', 'live', 'retire', 'block'] as const;
export const fixAction = z.enum(FIX_ACTIONS);
export type FixAction = z.infer<typeof fixAction>;

export const moveFixRequest = z.strictObject({
  who: z.string().min(1).optional(),
  why: z.string().optional(),
});
export type MoveFixRequest = z.infer<typeof moveFixRequest>;

const attribution = z.object({ at: z.string(), who: z.string(), why: z.string() });

export const fixView = z.object({
  fix: z.string(),
  tenant: z.string(),
  status: z.string(),
  from: z.string(),
  to: z.string(),
  fromState: z.string(),
  toState: z.string(),
  evidence: z.object({
    window: z.object({ since: z.string().nullable(), until: z.string().nullable() }),
    ...evidenceFields.shape,
  }),
  /** Why the evidence does not hold as it stands, until it is mined again; null while it does. */
  stale: attribution.nullable(),
  /** A step with `stale` left the status as it was. */
  history: z.array(attribution.extend({ status: z.string(), stale: z.literal(true).optional() })),
});
export type FixView = z.infer<typeof fixView>;

export const fixList = z.object({ fixes: z.array(fixView) });
export type FixList = z.infer<typeof fixList>;
