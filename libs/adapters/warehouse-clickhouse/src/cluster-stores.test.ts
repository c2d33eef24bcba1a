import { fileURLToPath } from 'node:url';
import { chainStoreContract, sessionStoreContract } from '@heed/testing';
import { openClickHouseFront } from '@heed/testing-clickhouse';
import {
  migrateWarehouse,
  readWarehouseMigrations,
  WarehouseChainStore,
  WarehouseSessionStore,
} from '@heed/warehouse';
import { openClickHouseWarehouse } from './open-clickhouse-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

sessionStoreContract('WarehouseSessionStore over a ClickHouse cluster', open);
chainStoreContract('WarehouseChainStore over a ClickHouse cluster', open);

async function open(): Promise<{
  readonly sessions: WarehouseSessionStore;
  readonly chains: WarehouseChainStore;
  readonly close: () => Promise<void>;
}> {
  const front = await openClickHouseFront();
  const warehouse = await openClickHouseWarehouse({ url: front.url, cluster: 'heed' });
  await migrateWarehouse(warehouse, migrations);
  return {
    sessions: new WarehouseSessionStore(warehouse),
    chains: new WarehouseChainStore(warehouse),
    close: async () => {
      await warehouse.close();
      await front.close();
    },
  };
}
