import { fileURLToPath } from 'node:url';
import { chainStoreContract, scoredLogContract, sessionStoreContract } from '@heed/testing';
import { openClickHouseFront } from '@heed/testing-clickhouse';
import {
  migrateWarehouse,
  readWarehouseMigrations,
  WarehouseChainStore,
  WarehouseScoredLog,
  WarehouseSessionStore,
} from '@heed/warehouse';
import { openClickHouseWarehouse } from './open-clickhouse-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

/** The contracts of both stores over a server, or over one of its clusters. */
export function storesContract(name: string, profile: { readonly cluster?: string }): void {
  sessionStoreContract(`WarehouseSessionStore over ${name}`, () => openStores(profile));
  chainStoreContract(`WarehouseChainStore over ${name}`, () => openStores(profile));
  scoredLogContract(`WarehouseScoredLog over ${name}`, () => openStores(profile));
}

async function openStores(profile: { readonly cluster?: string }): Promise<{
  readonly sessions: WarehouseSessionStore;
  readonly chains: WarehouseChainStore;
  readonly scored: WarehouseScoredLog;
  readonly close: () => Promise<void>;
}> {
  const front = await openClickHouseFront();
  const warehouse = await openClickHouseWarehouse({ url: front.url, ...profile });
  await migrateWarehouse(warehouse, migrations);
  return {
    sessions: new WarehouseSessionStore(warehouse),
    chains: new WarehouseChainStore(warehouse),
    scored: new WarehouseScoredLog(warehouse),
    close: async () => {
      await warehouse.close();
      await front.close();
    },
  };
}
