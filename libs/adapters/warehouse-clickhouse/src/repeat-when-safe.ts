import { setTimeout } from 'node:timers/promises';

/** Does the work again, after each of the waits, as long as it fails in a way after which doing it twice does no harm. */
export async function repeatWhenSafe<T>(
  isSafe: (thrown: unknown) => boolean,
  waitsMs: readonly number[],
  work: () => Promise<T>,
): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await work();
    } catch (thrown) {
      if (!isSafe(thrown)) throw thrown;
      await setTimeout(waitMs);
    }
  }
  return work();
}
