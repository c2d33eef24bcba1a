import type { Horizon } from './horizon.ts';

/**
 * Of a session, what was received before this is expired; 0 when nothing is. A horizon takes a session when none of its entries was received between
 * the horizon and the moment at which it was drawn; what came to the session later is the beginning of a new one. So the answer is the same however
 * often it is asked, and whether what is expired is still there or not.
 *
 * @param receivedMs when each of the session's entries was received
 */
export function expiredBefore(receivedMs: readonly number[], horizons: readonly Horizon[]): number {
  return horizons.reduce((latest, { horizonMs, untilMs }) => {
    const isTaken = !receivedMs.some((ms) => horizonMs <= ms && ms <= untilMs);
    return isTaken && receivedMs.some((ms) => ms < horizonMs) ? Math.max(latest, horizonMs) : latest;
  }, 0);
}
