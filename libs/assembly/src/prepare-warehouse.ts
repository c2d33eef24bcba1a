import type { EventLog } from '@heed/events';
import { PROJECTOR_GROUP } from '@heed/platform';
import { isEmptyWarehouse, migrateWarehouse, type Warehouse, type WarehouseMigration } from '@heed/warehouse';
import { tellApplied, type Say } from './tell-applied.ts';
import type { WarehousePlace } from './warehouse-place.ts';

/** The warehouse that is there; one that is too damaged to be opened is put aside, and a new one opened. */
export async function openWarehouse(place: WarehousePlace, say: Say): Promise<Warehouse> {
  try {
    return await place.open();
  } catch (fault) {
    if (!place.isDamage(fault)) throw fault;
    await putAside(place, undefined, say);
    return place.open();
  }
}

/**
 * Brings the tables of a warehouse that could be opened to what this program knows. One that has lost some of them, or was cut
 * off while it was replaced, is put aside like one that cannot be opened. What cannot be prepared is closed again.
 */
export async function prepareWarehouse(
  found: Warehouse,
  place: WarehousePlace,
  migrations: readonly WarehouseMigration[],
  log: EventLog,
  say: Say,
): Promise<Warehouse> {
  try {
    return await migrated(found, migrations, log, say);
  } catch (fault) {
    if (!place.isDamage(fault)) {
      await found.close();
      throw fault;
    }
    await putAside(place, found, say);
    const fresh = await place.open();
    try {
      return await migrated(fresh, migrations, log, say);
    } catch (again) {
      await fresh.close();
      throw again;
    }
  }
}

async function migrated(
  warehouse: Warehouse,
  migrations: readonly WarehouseMigration[],
  log: EventLog,
  say: Say,
): Promise<Warehouse> {
  if (await isEmptyWarehouse(warehouse)) await refillFrom(log, say);
  tellApplied('the warehouse', await migrateWarehouse(warehouse, migrations), say);
  return warehouse;
}

async function putAside(place: WarehousePlace, found: Warehouse | undefined, say: Say): Promise<void> {
  say(
    `The warehouse is damaged. It was put aside in ${await place.setAside(found)}; the log has everything.`,
  );
}

/** A warehouse without tables beside a log that was read: it was lost. Reading the log again from its beginning fills it. */
async function refillFrom(log: EventLog, say: Say): Promise<void> {
  const { partitions } = await log.lag(PROJECTOR_GROUP);
  if (partitions.every(({ committed }) => committed === 0)) return;
  await log.rewind(PROJECTOR_GROUP);
  say('The warehouse is empty and will be filled from the log again; `heed doctor` shows how far it is.');
}
