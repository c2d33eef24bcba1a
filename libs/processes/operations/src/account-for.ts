import type { Accounting } from '@heed/contract';
import type { EventLog } from '@heed/events';
import { lagInTime } from '@heed/platform';
import type { WarehouseReader } from '@heed/sessions';

/**
 * The accounting identity of every tenant: accepted = stored + dead-lettered. While the projector still has entries to read,
 * the difference may be as large as what it has not read, and no larger. The service takes events and projects them while this
 * reads, so that what was accepted is read before and after: nothing is missing that was not accepted before the lag was read,
 * and nothing is held that was not accepted by the end.
 *
 * An orphan that waits for its turn is stored; one that waits no more is a dead letter, and so is one that was redriven: it was refused all
 * the same. Heed's own notes in the log were accepted from nobody, and a repeat that the log did not know for one was accepted once already: both are
 * taken off as far as they are known. What retention has removed from the warehouse and the log still has is `expired`; a log that lets it go has
 * accepted that much less.
 *
 * @throws Fault `log-unavailable` at once, and not when somebody has stopped waiting, where the log does not answer
 */
export async function accountFor(
  log: EventLog,
  warehouse: WarehouseReader,
  group: string,
): Promise<readonly Accounting[]> {
  await lagInTime(log, group);
  const before = new Map((await log.counts()).map(({ tenant, accepted }) => [tenant, accepted]));
  const lag = (await log.lag(group)).entries;
  const held = new Map((await warehouse.counts()).map((counts) => [counts.tenant, counts]));
  return (await log.counts()).map(({ tenant, accepted }) => {
    const {
      stored,
      waiting,
      deadLettered,
      redriven,
      notes,
      repeats,
      expired = 0,
    } = held.get(tenant) ?? NOTHING;
    const beside = notes + repeats;
    const accounted = stored + deadLettered + expired + beside;
    const missing = (before.get(tenant) ?? 0) - accounted;
    const balanced = accounted <= accepted && missing <= lag;
    const told = { stored, waiting, deadLettered, redriven, expired };
    return { tenant, accepted: accepted - beside, ...told, lag, balanced };
  });
}

const NOTHING = { stored: 0, waiting: 0, deadLettered: 0, redriven: 0, notes: 0, repeats: 0, expired: 0 };
