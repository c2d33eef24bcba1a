const FIRST_MS = 1000;

/** An erasure that fails is tried again at least so often. */
export const LONGEST_RETRY_MS = 3_600_000;

/**
 * How long to wait after so many tries have failed: each time twice as long, an hour at most.
 *
 * @example erasureRetryMs(3) // 4000
 */
export function erasureRetryMs(tries: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_MS * 2 ** (tries - 1));
}
