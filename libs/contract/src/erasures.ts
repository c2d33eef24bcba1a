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

/** An erasure and how far it has come; by its id fixes that it made stale name it. Whose it was nobody can tell any more. */
export const erasureView = z.object({
  id: z.string(),
  /** What was received up to then is gone, for every clock that Heed's machines have. */
  upTo: z.iso.datetime(),
  state: z.enum(['pending', 'failing', 'done']),
  /** How often it was tried, and failed. */
  tries: z.number().int(),
  /** Null unless it is failing. */
  failure: z
    .object({
      /** Of the last time. */
      why: z.string(),
      /** When it is tried again. */
      again: z.iso.datetime(),
      /** What is amiss until a try succeeds. */
      meanwhile: z.string(),
      do: z.string(),
    })
    .nullable(),
  /** What it came to; null until it is done. */
  report: erasureReport.nullable(),
});
export type ErasureView = z.infer<typeof erasureView>;

export const erasureList = z.object({ erasures: z.array(erasureView) });
export type ErasureList = z.infer<typeof erasureList>;
