import { entriesAhead, type EventLog } from '@heed/events';
import { PROJECTOR_GROUP, waitUnless } from '@heed/platform';

const LOOK_EVERY_MS = 50;

/**
 * Resolves when the warehouse has everything that was in the log at the call.
 *
 * @param orRefuse called before each wait: rejects with what it throws
 */
export async function untilCaughtUp(
  log: Pick<EventLog, 'lag'>,
  orRefuse: () => void,
  stopping: AbortSignal,
): Promise<void> {
  const goal = await log.lag(PROJECTOR_GROUP);
  for (let now = goal; entriesAhead(goal, now) > 0; now = await log.lag(PROJECTOR_GROUP)) {
    orRefuse();
    await waitUnless(stopping, LOOK_EVERY_MS);
  }
}
