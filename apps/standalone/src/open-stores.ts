import { postgresEventLog } from '@heed/event-log-postgres';
import type { EventLog } from '@heed/events';
import { PROJECTOR_GROUP } from '@heed/platform';
import { openEmbeddedPostgres, openPostgres, type Postgres } from '@heed/postgres';
import {
  isEmptyWarehouse,
  migrateWarehouse,
  readWarehouseMigrations,
  WarehouseChainStore,
  type Warehouse,
  type WarehouseMigration,
} from '@heed/warehouse';
import { claimFolder, isRebuildable, openChdbWarehouse, setAsideWarehouse } from '@heed/warehouse-chdb';
import { migrationsFolder } from './migrations-folder.ts';

export interface Stores {
  readonly postgres: Postgres;
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  /** The only one that counts days: recounts share a table. */
  readonly chains: WarehouseChainStore;
  readonly warehouseMigrations: readonly WarehouseMigration[];
  close(): Promise<void>;
}

type Say = (sentence: string) => void;

export interface StoreSettings {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

/**
 * Claims the folder and opens both engines, on it or where the settings name a server, side by side. Whatever fails, what was opened is closed again.
 *
 * @param say one sentence for people at each step that is worth knowing
 * @throws Fault `data-folder-in-use`, `data-folder-newer`, ... each with what to do
 */
export async function openStores({ dataDir, databaseUrl }: StoreSettings, say: Say): Promise<Stores> {
  const claim = claimFolder(dataDir);
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.unshift(store);
    return store;
  };
  const close = async (): Promise<void> => {
    for (const store of opened) await store.close();
    claim.release();
  };
  try {
    const [postgres, found] = await settled(
      openDatabase(dataDir, databaseUrl, say).then(keep),
      openWarehouse(dataDir, say).then(keep),
    );
    tellApplied('PostgreSQL', postgres.migrations.applied, say);
    const log = keep(postgresEventLog(postgres));
    const warehouseMigrations = readWarehouseMigrations(migrationsFolder('clickhouse'));
    const warehouse = keep(await prepare(found, dataDir, warehouseMigrations, log, say));
    return {
      postgres,
      log,
      warehouse,
      chains: new WarehouseChainStore(warehouse),
      warehouseMigrations,
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** Both, or the first fault once both have ended: nothing may still be opening when what was opened is closed. */
async function settled<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

function openDatabase(dataDir: string, url: string | undefined, onProgress: Say): Promise<Postgres> {
  if (url !== undefined) return openPostgres({ url });
  return openEmbeddedPostgres({ dataDir, onProgress, passClosedFolders: true });
}

async function openWarehouse(dataDir: string, say: Say): Promise<Warehouse> {
  try {
    return await openChdbWarehouse(dataDir);
  } catch (fault) {
    if (!isRebuildable(fault)) throw fault;
    putAside(dataDir, say);
    return openChdbWarehouse(dataDir);
  }
}

/**
 * Brings the tables of a warehouse that could be opened to what this program knows. One that has lost some of them, or was cut
 * off while it was replaced, is put aside like one that cannot be opened. What cannot be prepared is closed again.
 */
async function prepare(
  found: Warehouse,
  dataDir: string,
  migrations: readonly WarehouseMigration[],
  log: EventLog,
  say: Say,
): Promise<Warehouse> {
  try {
    return await migrated(found, migrations, log, say);
  } catch (fault) {
    await found.close();
    if (!isRebuildable(fault)) throw fault;
    putAside(dataDir, say);
    const fresh = await openChdbWarehouse(dataDir);
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

function tellApplied(store: string, applied: readonly string[], say: Say): void {
  const [first] = applied;
  if (first === undefined) return;
  const which =
    applied.length === 1 ? first : `${applied.length} migrations, ${first} to ${applied.at(-1) ?? first}`;
  say(`Applied to ${store}: ${which}.`);
}

function putAside(dataDir: string, say: Say): void {
  say(`The warehouse is damaged. It was put aside in ${setAsideWarehouse(dataDir)}; the log has everything.`);
}

/** A warehouse without tables beside a log that was read: it was lost. Reading the log again from its beginning fills it. */
async function refillFrom(log: EventLog, say: Say): Promise<void> {
  const { committed } = await log.lag(PROJECTOR_GROUP);
  if (committed === 0) return;
  await log.rewind(PROJECTOR_GROUP);
  say('The warehouse is empty and will be filled from the log again; `heed doctor` shows how far it is.');
}
