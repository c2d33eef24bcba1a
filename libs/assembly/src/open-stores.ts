import type { EventLog } from '@heed/events';
import type { Log } from '@heed/platform';
import { openEmbeddedPostgres, openPostgres, type Postgres } from '@heed/postgres';
import { NO_TRACING, type Tracing } from '@heed/telemetry';
import {
  readWarehouseMigrations,
  tracedWarehouse,
  WarehouseChainStore,
  type Warehouse,
  type WarehouseMigration,
} from '@heed/warehouse';
import { claimFolder } from '@heed/warehouse-chdb';
import type { KafkaSettings } from './kafka-settings.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { openEventLog } from './open-event-log.ts';
import { OpenedStores } from './opened-stores.ts';
import { openWarehouse, prepareWarehouse } from './prepare-warehouse.ts';
import { tellApplied, type Say } from './tell-applied.ts';
import { embeddedWarehouse, warehouseServer, type ClickHouseSettings } from './warehouse-place.ts';

export interface Stores {
  readonly postgres: Postgres;
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  /** The only one that counts days: recounts share a table. */
  readonly chains: WarehouseChainStore;
  readonly warehouseMigrations: readonly WarehouseMigration[];
  close(): Promise<void>;
}

export interface StoreSettings {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  readonly clickhouse?: ClickHouseSettings;
  readonly kafka?: KafkaSettings;
}

/**
 * Claims the folder and opens the engines, on it or where the settings name a server, side by side. Whatever fails, what was opened is closed again.
 *
 * @param say one sentence for people at each step that is worth knowing
 * @param journal for what the stores' clients have to say
 * @throws Fault `data-folder-in-use`, `data-folder-newer`, ... each with what to do
 */
export async function openStores(
  { dataDir, databaseUrl, clickhouse, kafka }: StoreSettings,
  say: Say,
  journal?: Log,
  tracing: Tracing = NO_TRACING,
): Promise<Stores> {
  const claim = claimFolder(dataDir);
  const place =
    clickhouse?.url === undefined
      ? embeddedWarehouse(dataDir)
      : warehouseServer({ ...clickhouse, url: clickhouse.url });
  const opened = new OpenedStores();
  const close = async (): Promise<void> => {
    await opened.close();
    claim.release();
  };
  try {
    const [postgres, found] = await settled(
      openDatabase(dataDir, databaseUrl, say).then((database) => opened.keep(database)),
      openWarehouse(place, say).then((warehouse) => opened.keep(warehouse)),
    );
    tellApplied('PostgreSQL', postgres.migrations.applied, say);
    const log = opened.keep(await openEventLog(postgres, kafka, say, journal));
    const warehouseMigrations = readWarehouseMigrations(migrationsFolder('clickhouse'));
    const prepared = opened.keep(await prepareWarehouse(found, place, warehouseMigrations, log, say));
    const warehouse = tracedWarehouse(prepared, tracing);
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
