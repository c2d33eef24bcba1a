import { wait } from './wait.ts';

/** How one who can wait lives with others in a process: they answer people, he only has to be done before long. */
export interface Courtesy {
  /** Between two looks at whether the others are busy, milliseconds. */
  readonly lookEveryMs: number;
  /** Longest that he gives way, milliseconds. */
  readonly atMostMs: number;
  /** Whether the others kept the process busy since the last look. */
  readonly isBusy: () => boolean;
}

/**
 * Resolves when the others have nothing to do, or when he has given way for long enough, or is told to stop. What arrives
 * meanwhile gathers, and is done the cheaper for it: a batch of thousands costs little more than one of ten.
 */
export async function untilItsTurn(courtesy: Courtesy, stopping: AbortSignal): Promise<void> {
  const { lookEveryMs, atMostMs, isBusy } = courtesy;
  // What was before this moment, his own work above all, is nobody else's business.
  isBusy();
  for (let waitedMs = 0; waitedMs < atMostMs && !stopping.aborted; waitedMs += lookEveryMs) {
    await wait(lookEveryMs, stopping);
    if (!isBusy()) return;
  }
}
