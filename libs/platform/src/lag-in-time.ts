import type { EventLog, LogLag } from '@heed/events';
import { Fault, unlessAborted } from '@heed/kernel';
import { PROJECTOR_GROUP } from './ports.ts';

/** Who looks at figures gives up, and asks again, sooner than that. */
const ANSWER_MS = 2_500;

/** How far the projector is behind, for whoever only wants to know. @throws Fault `log-unavailable` when the log does not answer soon */
export async function lagInTime(
  log: Pick<EventLog, 'lag'>,
  group = PROJECTOR_GROUP,
  withinMs = ANSWER_MS,
): Promise<LogLag> {
  const overdue = AbortSignal.timeout(withinMs);
  try {
    return await unlessAborted(overdue, log.lag(group));
  } catch (cause) {
    if (cause !== overdue.reason) throw cause;
    throw new Fault(
      'log-unavailable',
      `The log did not answer within ${withinMs} ms.`,
      'Ask again. If it goes on, see whether PostgreSQL or the brokers run and can be reached.',
      { cause },
    );
  }
}
