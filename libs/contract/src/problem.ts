import { z } from 'zod';

/** Every error body (RFC 9457, `application/problem+json`): a stable code, what was wrong, and what to do. */
export const problem = z.object({
  status: z.number().int(),
  code: z.string(),
  title: z.string(),
  remedy: z.string(),
});
export type Problem = z.infer<typeof problem>;
