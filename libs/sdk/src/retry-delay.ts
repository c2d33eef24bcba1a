const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before trying again: exponential with full jitter, so that clients cut off together do not come back
 * together. What the service asks for (`Retry-After`) is the least.
 *
 * @param attempt 1 after the first failure
 * @param random uniform in [0, 1)
 * @returns milliseconds
 */
export function retryDelayMs(attempt: number, random: () => number, askedMs = 0): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return askedMs + random() * ceiling;
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or an HTTP date. 0 when it asks for nothing readable.
 *
 * @example retryAfterMs('2', nowMs) // 2000
 */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(asked) ? Math.max(0, asked) : 0;
}
