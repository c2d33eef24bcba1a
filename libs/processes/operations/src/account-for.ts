import type { Accounting } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { WarehouseReader } from '@heed/sessions';

/**
 * The accounting identity of every tenant: accepted = stored + dead-lettered. While the projector still has entries to read,
 * the difference may be as large as what it has not read, and no larger. The service takes events and projects them while this
 * reads, so that what was accepted is read before and after: nothing is missing that was not accepted before the lag was read,
 * and nothing is held that was not accepted by the end.
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
    const { stored, deadLettered } = held.get(tenant) ?? { stored: 0, deadLettered: 0 };
    const accounted = stored + deadLettered;
    const missing = (before.get(tenant) ?? 0) - accounted;
    return { tenant, accepted, stored, deadLettered, lag, balanced: accounted <= accepted && missing <= lag };
  });
}
