import type { Accounting } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { WarehouseReader } from '@heed/sessions';

/**
 * The accounting identity of every tenant: accepted = stored + dead-lettered. While the projector still has entries to read,
 * the difference may be as large as what it has not read, and no larger. The service takes events and projects them while this
 * reads, so that what was accepted is read before and after: nothing is missing that was not accepted before the lag was read,
 * and nothing is held that was not accepted by the end.
 *
 * An orphan that waits for its turn is stored; one that waits no more is a dead letter, and so is one that was redriven: it was refused all
 * the same. Heed's own notes in the log were accepted from nobody, and are taken off as far as they are known.
 */
export async function accountFor(
  log: EventLog,
  warehouse: WarehouseReader,
  group: string,
): Promise<readonly Accounting[]> {
  const before = new Map((await log.counts()).map(({ tenant, accepted }) => [tenant, accepted]));
  const lag = (await log.lag(group)).entries;
  const held = new Map((await warehouse.counts()).map((counts) => [counts.tenant, counts]));
  return (await log.counts()).map(({ tenant, accepted }) => {
    const { stored, waiting, deadLettered, redriven, notes } = held.get(tenant) ?? NOTHING;
    const accounted = stored + deadLettered + notes;
    const missing = (before.get(tenant) ?? 0) - accounted;
    const balanced = accounted <= accepted && missing <= lag;
    return { tenant, accepted: accepted - notes, stored, waiting, deadLettered, redriven, lag, balanced };
  });
}

const NOTHING = { stored: 0, waiting: 0, deadLettered: 0, redriven: 0, notes: 0 };
