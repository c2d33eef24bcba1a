import { z } from 'zod';

/** How long a tenant's data is kept. */
export const retentionView = z.object({
  tenant: z.string(),
  /** Null: for ever. */
  days: z.number().int().nullable(),
  /** Nothing was said for this tenant: it is the service's own setting. */
  isDefault: z.boolean(),
  /** What was received before this UTC day is gone, or is being removed; null when nothing ever was. */
  horizon: z.string().nullable(),
  /** Where the horizon would be, when that is further than it moves by itself: somebody has to say `apply`. */
  waiting: z.string().nullable(),
});
export type RetentionView = z.infer<typeof retentionView>;

export const setRetentionRequest = z.strictObject({
  days: z.number().int().min(1).max(36_500).nullable(),
  who: z.string().min(1).optional(),
});
export type SetRetentionRequest = z.infer<typeof setRetentionRequest>;

/** What applying it removed. */
export const retentionReport = z.object({
  tenant: z.string(),
  days: z.number().int().nullable(),
  horizon: z.string().nullable(),
  sessions: z.number().int(),
  deadLetters: z.number().int(),
  /** Entries of the log that were behind both. */
  entries: z.number().int(),
});
export type RetentionReport = z.infer<typeof retentionReport>;
