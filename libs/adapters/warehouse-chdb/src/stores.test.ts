import { fileURLToPath } from 'node:url';
import { chainStoreContract, sessionStoreContract } from '@heed/testing';
import { readWarehouseMigrations, WarehouseChainStore, WarehouseSessionStore } from '@heed/warehouse';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

sessionStoreContract('WarehouseSessionStore over chDB', async () => {
  const warehouse = await openTemporaryWarehouse(migrations);
  return { sessions: new WarehouseSessionStore(warehouse), close: () => warehouse.close() };
});

chainStoreContract('WarehouseChainStore over chDB', async () => {
  const warehouse = await openTemporaryWarehouse(migrations);
  return {
    sessions: new WarehouseSessionStore(warehouse),
    chains: new WarehouseChainStore(warehouse),
    close: () => warehouse.close(),
  };
});
