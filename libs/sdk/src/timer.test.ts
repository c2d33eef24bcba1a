import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { timer } from './timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([2 ** 31, 1e12, Infinity])('waits as long as a timer can where it is to wait %d ms', (delayMs) => {
  const run = vi.fn();
  timer(delayMs, run);
  vi.advanceTimersByTime(2 ** 31 - 2);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
});

it('does not run what was cancelled', () => {
  const run = vi.fn();
  timer(10, run).cancel();
  vi.advanceTimersByTime(100);
  expect(run).not.toHaveBeenCalled();
});
