import type { Accounting } from '@heed/contract';
import type { EventLog } from '@heed/events';
import type { WarehouseReader } from '@heed/sessions';

/**
 * The accounting identity of every tenant: accepted = stored + dead-lettered. While the projector still has entries to read,
 * the difference may be as large as what it has not read, and no larger.
 */
export async function accountFor(
  log: EventLog,
  warehouse: WarehouseReader,
  group: string,
): Promise<readonly Accounting[]> {
  // In this order: what is projected between the readings can then only be missed, never counted without being accepted.
  const held = new Map((await warehouse.counts()).map((counts) => [counts.tenant, counts]));
  const lag = (await log.lag(group)).entries;
  return (await log.counts()).map(({ tenant, accepted }) => {
    const { stored, deadLettered } = held.get(tenant) ?? { stored: 0, deadLettered: 0 };
    const missing = accepted - stored - deadLettered;
    return { tenant, accepted, stored, deadLettered, lag, balanced: missing >= 0 && missing <= lag };
  });
}
