import { betaDifferenceCdf } from '@heed/statistics';
import type { ServedCounts } from './chain-store.ts';
import { successPosterior } from './success-posterior.ts';

/** Sessions that were served and told how they ended, without which nothing is decided. */
const FEWEST_SERVED = 20;
/** Stricter than one look would need, for every mine looks again. */
const SURE = 0.99;

/**
 * Whether a live rewrite is to be switched off: when, by both success posteriors kept apart, its turns succeed less often than
 * the source does on its own with a probability of at least 0.99, and at least 20 served sessions told how they ended. Returns the reason, or null to leave it.
 *
 * @example switchOff({ sessions: 50, successes: 1, sourceSessions: 200, sourceSuccesses: 60, ... }) // 'its turns ended well in ...'
 */
export function switchOff(served: ServedCounts): string | null {
  if (served.sessions < FEWEST_SERVED) return null;
  const probability = betaDifferenceCdf(
    0,
    successPosterior(served.successes, served.sessions),
    successPosterior(served.sourceSuccesses, served.sourceSessions),
  );
  if (probability < SURE) return null;
  return (
    `its turns ended well in ${served.successes} of ${served.sessions} sessions, the request without it in ` +
    `${served.sourceSuccesses} of ${served.sourceSessions}: it is worse with a probability of ${probability > 0.999 ? 'more than 0.999' : probability.toFixed(3)}`
  );
}
