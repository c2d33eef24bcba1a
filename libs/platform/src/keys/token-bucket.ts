import { Fault } from '@heed/kernel';

/** A bucket holds this many seconds of its rate: a page that opens sends several requests at once. */
const BURST_SECONDS = 2;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** One token bucket for each name, filled at the name's own rate. Each process has its own. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();

  /**
   * Takes a token for a request.
   *
   * @param perSecond tokens that come in a second; twice as many may be taken at once
   * @param nowMs by any clock: one that jumps back fills nothing, and one that jumps ahead fills the bucket and no more
   * @returns 0, or in how many seconds the next token is there
   */
  take(name: string, perSecond: number, nowMs: number): number {
    const capacity = BURST_SECONDS * perSecond;
    const bucket = this.#buckets.get(name) ?? { tokens: capacity, filledAtMs: nowMs };
    this.#buckets.set(name, bucket);
    const passedMs = Math.max(0, nowMs - bucket.filledAtMs);
    bucket.tokens = Math.min(capacity, bucket.tokens + (passedMs * perSecond) / 1000);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond;
    bucket.tokens -= 1;
    return 0;
  }
}

/** @param perSecond the rate that was exceeded */
export function tooManyRequests(perSecond: number): Fault {
  return new Fault(
    'rate-limited',
    `This key may send ${perSecond} requests a second, and more have come.`,
    'Wait for the time in Retry-After and send again; many events in one request count as one.',
  );
}
