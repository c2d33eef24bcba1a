import { z } from 'zod';

/** What became of one event of a request, in the order they were sent. */
export const ingestResult = z.object({
  id: z.string().nullable(),
  status: z.enum(['accepted', 'duplicate', 'dead-lettered']),
  reason: z.string().optional(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
});
export type IngestResult = z.infer<typeof ingestResult>;

/** 202 from `POST /v1/events`: every event of the request is durable, as an event or as a typed dead letter. */
export const ingestResponse = z.object({ results: z.array(ingestResult) });
export type IngestResponse = z.infer<typeof ingestResponse>;

/** How far an import has come, by the fingerprint of its file and mapping: records whose events are acknowledged. */
export const importProgress = z.object({ fingerprint: z.string(), records: z.number().int().nonnegative() });
export type ImportProgress = z.infer<typeof importProgress>;
