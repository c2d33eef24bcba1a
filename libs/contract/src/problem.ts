import { z } from 'zod';

/** In front of a problem's code, this makes its type. */
export const PROBLEM_TYPE = 'urn:heed:problem:';

/**
 * Every error body (RFC 9457, `application/problem+json`). `code` is stable and one may branch on it; `type` and `title` say the same
 * to machines and people. `detail` is what was wrong this time, `remedy` what to do about it.
 */
export const problem = z.object({
  type: z.string().startsWith(PROBLEM_TYPE),
  status: z.number().int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
});
export type Problem = z.infer<typeof problem>;
