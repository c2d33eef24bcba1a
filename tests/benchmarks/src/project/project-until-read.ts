import type { EventLog } from '@heed/events';
import { projectBatch, RememberingStore } from '@heed/projector';
import { WarehouseSessionStore, type Warehouse } from '@heed/warehouse';
import { setTimeout as sleep } from 'node:timers/promises';
import { RULES } from './bench-stores.ts';

/** As the projector's own. */
const OPTIONS = { maxBatch: 48_000, maxBytes: 64 * 1024 * 1024 };
const GROUP = 'projector';
const LOOK_AGAIN_MS = 5;

/** Projects what comes, as the projector does, while the work goes on and until everything is in the warehouse. */
export async function whileProjecting(
  log: EventLog,
  warehouse: Warehouse,
  work: (lag: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const store = new RememberingStore(new WarehouseSessionStore(warehouse));
  const consumption = log.consume(GROUP, OPTIONS, (batch) => projectBatch(batch, store, RULES));
  const lag = async (): Promise<number> => (await log.lag(GROUP)).entries;
  const done = work(lag).then(async () => {
    while ((await lag()) > 0) await sleep(LOOK_AGAIN_MS);
  });
  try {
    await Promise.race([done, consumption.done]);
  } finally {
    await consumption.stop();
  }
}
