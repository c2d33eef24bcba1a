import type { EventLog } from '@heed/events';
import type { Postgres } from '@heed/postgres';
import {
  isPrepared,
  readWarehouseMigrations,
  tracedWarehouse,
  WarehouseChainStore,
  type Warehouse,
  type WarehouseMigration,
} from '@heed/warehouse';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppMeans } from './app-means.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { openWarehouse, prepareWarehouse } from './prepare-warehouse.ts';
import { projectionLock, recountLock } from './projection-doors.ts';
import type { WarehouseSettings } from './settings.ts';
import type { Say } from './tell-applied.ts';
import { warehouseServer } from './warehouse-place.ts';

const LOOK_AGAIN_MS = 500;

/** A warehouse that several processes use at the same time. */
export interface SharedWarehouse {
  readonly warehouse: Warehouse;
  /** Recounts take turns with those of every other process. */
  readonly chains: WarehouseChainStore;
  readonly warehouseMigrations: readonly WarehouseMigration[];
}

/**
 * Opens the warehouse and brings its tables to what this program knows, while no other process uses it; where there is nothing to do it does not
 * wait for anybody.
 *
 * @param log from which an empty warehouse is filled; without it tables that are missing are waited for, since somebody with a log must make them
 * @throws Fault as `openStores`; `shutting-down` when it is told to end while it waits; `log-group-in-use` when a warehouse that was lost cannot be filled while projectors read on
 */
export async function openSharedWarehouse(
  { clickhouse }: WarehouseSettings,
  postgres: Postgres,
  log: EventLog | undefined,
  say: Say,
  { tracing, stopping }: Pick<AppMeans, 'tracing' | 'stopping'>,
): Promise<SharedWarehouse> {
  const place = warehouseServer(clickhouse);
  const warehouseMigrations = readWarehouseMigrations(migrationsFolder('clickhouse'));
  const found = await openWarehouse(place, say);
  const prepare = async (from: EventLog): Promise<Warehouse> =>
    projectionLock(postgres).exclusively(
      () => prepareWarehouse(found, place, warehouseMigrations, from, say),
      stopping,
    );
  const shared = (prepared: Warehouse): SharedWarehouse => {
    const warehouse = tracedWarehouse(prepared, tracing);
    const chains = new WarehouseChainStore(warehouse, (work) =>
      recountLock(postgres).exclusively(work, stopping),
    );
    return { warehouse, chains, warehouseMigrations };
  };
  if (await isPrepared(found, warehouseMigrations)) return shared(found);
  if (log !== undefined) return shared(await prepare(log));
  say('The warehouse has no tables yet, or older ones; waiting for a projector or control to make them.');
  while (!(await isPrepared(found, warehouseMigrations))) {
    stopping.throwIfAborted();
    await delay(LOOK_AGAIN_MS);
  }
  return shared(found);
}
