import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBuckets } from './token-bucket.ts';

/** How many of `requests` at `nowMs` are let through. */
const through = (buckets: TokenBuckets, requests: number, nowMs: number, name = 'k'): number =>
  Array.from({ length: requests }, () => buckets.take(name, 10, nowMs)).filter((wait) => wait === 0).length;

it('lets through two seconds of the rate at once, and then the rate', () => {
  const buckets = new TokenBuckets();
  expect(through(buckets, 100, 0)).toBe(20);
  expect(through(buckets, 100, 500)).toBe(5);
  expect(through(buckets, 100, 1500)).toBe(10);
  expect(through(buckets, 100, 1_000_000)).toBe(20);
});

it('says when the next one may come, and that one may', () => {
  const buckets = new TokenBuckets();
  through(buckets, 20, 0);
  const seconds = buckets.take('k', 10, 40);
  expect(seconds).toBeCloseTo(0.06);
  expect(buckets.take('k', 10, 99)).toBeGreaterThan(0);
  expect(buckets.take('k', 10, 100)).toBe(0);
});

it('leaves each name its own', () => {
  const buckets = new TokenBuckets();
  expect(through(buckets, 100, 0, 'a')).toBe(20);
  expect(through(buckets, 100, 0, 'b')).toBe(20);
});

it('goes on when the clock jumps back', () => {
  const buckets = new TokenBuckets();
  through(buckets, 100, 10_000_000);
  expect(through(buckets, 100, 0)).toBe(0);
  expect(through(buckets, 100, 1000)).toBe(10);
});

it('never lets more through than the burst and the rate allow, whenever they come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
      const buckets = new TokenBuckets();
      let nowMs = 0;
      let admitted = 0;
      for (const gap of gaps) {
        nowMs += gap;
        if (buckets.take('k', 2, nowMs) === 0) admitted++;
        expect(admitted).toBeLessThanOrEqual(4 + (2 * nowMs) / 1000 + 1e-9);
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});
