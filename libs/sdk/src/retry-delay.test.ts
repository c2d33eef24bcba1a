import { describe, expect, it } from 'vitest';
import { retryAfterMs, retryDelayMs } from './retry-delay.ts';

describe('the wait before another try', () => {
  it('grows with each failure up to half a minute, spread over all of it', () => {
    const longest = [1, 2, 3, 20].map((attempt) => retryDelayMs(attempt, () => 1));
    expect(longest).toEqual([250, 500, 1000, 30_000]);
    expect(retryDelayMs(20, () => 0)).toBe(0);
  });

  it('is never shorter than what the service asks for', () => {
    expect(retryDelayMs(1, () => 0, 7000)).toBe(7000);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 2, 1, 9);
  it.each([
    [null, 0],
    ['2', 2000],
    ['0', 0],
    ['-1', 0],
    ['soon', 0],
    ['Sun, 01 Mar 2026 09:00:03 GMT', 3000],
    ['Sun, 01 Mar 2026 08:00:00 GMT', 0],
  ])('%j is %d ms', (header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms);
  });
});
