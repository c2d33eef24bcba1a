import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateWarehouse, type Warehouse, type WarehouseMigration } from '@heed/warehouse';
import { openChdbWarehouse } from './open-chdb-warehouse.ts';

/**
 * A migrated warehouse in a folder of its own, which goes when it is closed. For tests and benchmarks; one at a time in a
 * process, as with any.
 */
export async function openTemporaryWarehouse(migrations: readonly WarehouseMigration[]): Promise<Warehouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-warehouse-'));
  const warehouse = await openChdbWarehouse(dataDir);
  await migrateWarehouse(warehouse, migrations);
  const close = warehouse.close.bind(warehouse);
  warehouse.close = async () => {
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return warehouse;
}
