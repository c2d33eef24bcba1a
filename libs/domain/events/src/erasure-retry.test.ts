import { expect, it } from 'vitest';
import { erasureRetryMs, LONGEST_RETRY_MS } from './erasure-retry.ts';

it.each([
  [1, 1000],
  [2, 2000],
  [12, 2_048_000],
  [13, LONGEST_RETRY_MS],
  [5000, LONGEST_RETRY_MS],
])('after %i tries an erasure waits %i ms', (tries, waitMs) => {
  expect(erasureRetryMs(tries)).toBe(waitMs);
});
