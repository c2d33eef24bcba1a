import { postgresEventLog } from '@heed/event-log-postgres';
import type { EventLog } from '@heed/events';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { ruleModels } from '@heed/sessions';
import { readWarehouseMigrations, type Warehouse, type WarehouseMigration } from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryFolder } from '../repository-folder.ts';

export interface BenchStores {
  readonly postgres: EmbeddedPostgres;
  readonly log: EventLog;
  readonly warehouse: Warehouse;
  readonly migrations: readonly WarehouseMigration[];
  /** For what else the bench writes; goes with the stores. */
  readonly folder: string;
}

export const RULES = { models: ruleModels };

/** The embedded log and the embedded warehouse, both new and empty, and gone when the work is done. */
export async function withStores<T>(work: (stores: BenchStores) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-bench-project-'));
  try {
    const migrations = readWarehouseMigrations(repositoryFolder('migrations', 'clickhouse'));
    const postgres = await openEmbeddedPostgres({ dataDir: folder, passClosedFolders: true });
    const warehouse = await openTemporaryWarehouse(migrations);
    const log = postgresEventLog(postgres);
    try {
      return await work({ postgres, log, warehouse, migrations, folder });
    } finally {
      await log.close();
      await warehouse.close();
      await postgres.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
