import { fileURLToPath } from 'node:url';
import { chainStoreContract, scoredLogContract, sessionStoreContract } from '@heed/testing';
import {
  readWarehouseMigrations,
  WarehouseChainStore,
  WarehouseScoredLog,
  WarehouseSessionStore,
} from '@heed/warehouse';
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

scoredLogContract('WarehouseScoredLog over chDB', async () => {
  const warehouse = await openTemporaryWarehouse(migrations);
  return {
    // Few at a time: reading goes from page to page.
    scored: new WarehouseScoredLog(warehouse, { lookedUp: 2, read: 1, textBytes: 1 }),
    sessions: new WarehouseSessionStore(warehouse),
    close: () => warehouse.close(),
  };
});
