import { z } from 'zod';

export const erasureRequest = z.strictObject({
  /** As the application's events name the user. */
  user: z.string().min(1).max(512).meta({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' }),
  /** Kept with the erasure, for whoever has to show that it was done. */
  reason: z.string().max(2000).optional(),
});
export type ErasureRequest = z.infer<typeof erasureRequest>;

export const erasureReport = z.object({
  /** Events that have no content any more. */
  events: z.number(),
  /** Sessions derived again. */
  sessions: z.number(),
  /** Labels that there are no more. */
  labels: z.number(),
  fixesMarkedStale: z.array(z.string()),
  modelsMarkedStale: z.array(z.string()),
});
export type ErasureReport = z.infer<typeof erasureReport>;
