import { tenantId } from '@heed/kernel';
import type { WarehouseCopies, WarehouseCopy } from '@heed/sessions';
import { z } from 'zod';
import { compareTables, countTables } from './compare-tables.ts';
import { migrateWarehouse, type WarehouseMigration } from './migrate-warehouse.ts';
import { replaceTables } from './replace-tables.ts';
import { SqlExpirableRows } from './sql-expirable-rows.ts';
import { SqlOutcomeModels } from './sql-outcome-models.ts';
import { WarehouseChainStore } from './warehouse-chain-store.ts';
import { WarehouseSessionStore } from './warehouse-session-store.ts';
import type { Warehouse } from './warehouse.ts';

const tenantRow = z.object({ tenant: z.string().transform(tenantId) });

/** Copies in a database of their own beside the live one, in the same engine. One copy at a time. */
export class SqlWarehouseCopies implements WarehouseCopies {
  readonly #live: Warehouse;
  readonly #migrations: readonly WarehouseMigration[];

  readonly #chains: WarehouseChainStore;

  /** `chains` counts the live one's days: it must be the only one that does. */
  constructor(live: Warehouse, migrations: readonly WarehouseMigration[], chains: WarehouseChainStore) {
    this.#live = live;
    this.#migrations = migrations;
    this.#chains = chains;
  }

  async begin(): Promise<WarehouseCopy> {
    const database = `${this.#live.database}_replay`;
    // What a replay that was cut off left behind.
    await this.#live.execute(`DROP DATABASE IF EXISTS ${database} SYNC`);
    const copy = await this.#live.inDatabase(database);
    await migrateWarehouse(copy, this.#migrations);
    return {
      sessions: new WarehouseSessionStore(copy),
      expirable: new SqlExpirableRows(copy),
      liveOutcomeModels: new SqlOutcomeModels(this.#live),
      recount: () => recountEverything(copy, new WarehouseChainStore(copy)),
      compare: async () => {
        // Days that changed since the last mining are as good as uncounted: bring both to the same point.
        await recountEverything(this.#live, this.#chains);
        return compareTables(this.#live, copy);
      },
      replace: async () => {
        const tables = await countTables(copy);
        await this.#chains.exclusively(() => replaceTables(this.#live, database));
        return tables;
      },
      discard: async () => {
        await copy.close();
        await this.#live.execute(`DROP DATABASE IF EXISTS ${database} SYNC`);
      },
    };
  }
}

async function recountEverything(warehouse: Warehouse, chains: WarehouseChainStore): Promise<void> {
  const tenants = await warehouse.query(tenantRow, 'SELECT DISTINCT tenant FROM day_marks');
  for (const { tenant } of tenants) await chains.recount(tenant);
}
