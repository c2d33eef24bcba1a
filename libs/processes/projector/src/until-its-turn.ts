import { wait } from './wait.ts';

/** How one who can wait lives with others in a process: they answer people, he only has to be done before long. */
export interface Courtesy {
  /** Between two looks at whether the others are busy, milliseconds. */
  readonly lookEveryMs: number;
  /** Longest that he gives way, milliseconds; the last look may come that much later. */
  readonly atMostMs: number;
  /** A batch of so many entries, or so many characters of bodies, is followed at once by the next: there is likely a backlog. */
  readonly hurryFrom: { readonly entries: number; readonly chars: number };
  /** Whether the process was busy since the last look. */
  readonly isBusy: () => boolean;
  /** A clock that never goes back, milliseconds since whenever. */
  readonly nowMs: () => number;
}

/**
 * Resolves when the process has little to do, or when he has given way for long enough, or is told to stop. What arrives
 * meanwhile gathers, and is done the cheaper for it: a batch of thousands costs little more than one of ten.
 */
export async function untilItsTurn(
  courtesy: Omit<Courtesy, 'hurryFrom'>,
  stopping: AbortSignal,
): Promise<void> {
  const { lookEveryMs, atMostMs, isBusy, nowMs } = courtesy;
  const beganMs = nowMs();
  // What was before this moment, his own work above all, is nobody else's business.
  isBusy();
  do await wait(lookEveryMs, stopping);
  while (!stopping.aborted && isBusy() && nowMs() - beganMs < atMostMs);
}
