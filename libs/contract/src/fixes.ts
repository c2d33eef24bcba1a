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
  history: z.array(z.object({ status: z.string(), at: z.string(), who: z.string(), why: z.string() })),
});
export type FixView = z.infer<typeof fixView>;

export const fixList = z.object({ fixes: z.array(fixView) });
export type FixList = z.infer<typeof fixList>;
