import { unlessAborted } from '@heed/kernel';

/** Brokers that have not taken a farewell by then may be paused or gone: nobody waits for them. */
export const FAREWELL_MS = 5_000;

/** Resolves when the work is over, however it ended, and after so long in any case; the work then goes on by itself. */
export async function noLongerThan(ms: number, work: Promise<unknown>): Promise<void> {
  await unlessAborted(AbortSignal.timeout(ms), work).catch(() => undefined);
}
