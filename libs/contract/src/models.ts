import { z } from 'zod';

/** What a model is called by in an address: its id or its name. */
export const modelReference = z.string().min(1, 'the id or name of a model').max(200);

export const MODEL_ACTIONS = ['live', 'retire'] as const;
export const modelAction = z.enum(MODEL_ACTIONS);
export type ModelAction = z.infer<typeof modelAction>;

export const moveModelRequest = z.strictObject({
  who: z.string().min(1).max(200).optional(),
  why: z.string().max(2000).optional(),
});
export type MoveModelRequest = z.infer<typeof moveModelRequest>;

const attribution = z.object({ at: z.string(), who: z.string(), why: z.string() });

export const modelView = z.object({
  model: z.string(),
  tenant: z.string(),
  name: z.string(),
  purpose: z.string(),
  /** SHA-256 of the model's file, in hex. */
  version: z.string(),
  featuresVersion: z.string(),
  trainedAt: z.string(),
  /** SHA-256 of the card, in hex. */
  card: z.string(),
  status: z.string(),
  /** Every gate that judged it, those that were passed too. */
  gates: z.array(z.object({ gate: z.string(), passed: z.boolean(), says: z.string() })),
  /** Of one model of failed turns, as its card says: whether sessions and mining go by it while it is live. */
  besideRules: z.object({ replacesRules: z.boolean(), why: z.string() }).optional(),
  /** Why it does not hold any more, with the events or the figures that say so; null while it holds. */
  stale: attribution
    .extend({
      because: z.string(),
      events: z.array(z.string()).optional(),
      figures: z.array(z.object({ of: z.string(), measured: z.number(), bound: z.number() })).optional(),
    })
    .nullable(),
  /** A step with `stale` left the status as it was. */
  history: z.array(attribution.extend({ status: z.string(), stale: z.literal(true).optional() })),
});
export type ModelView = z.infer<typeof modelView>;

export const modelList = z.object({ models: z.array(modelView) });
export type ModelList = z.infer<typeof modelList>;
