import type { Warehouse } from '@heed/warehouse';
import { isRebuildable, openChdbWarehouse, setAsideWarehouse } from '@heed/warehouse-chdb';
import { openClickHouseWarehouse, setAsideClickHouseWarehouse } from '@heed/warehouse-clickhouse';

/** Where the warehouse is, and how a damaged one is moved out of the way. */
export interface WarehousePlace {
  open(): Promise<Warehouse>;
  /** Whether a fault means that it is damaged, and can be made again from the log. */
  isDamage(fault: unknown): boolean;
  /** Says where it is now. `found` is the damaged one where it could be opened at all; it is closed. */
  setAside(found: Warehouse | undefined): Promise<string>;
}

export interface ClickHouseSettings {
  readonly url?: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly cluster?: string | undefined;
}

export function embeddedWarehouse(dataDir: string): WarehousePlace {
  return {
    open: () => openChdbWarehouse(dataDir),
    isDamage: isRebuildable,
    setAside: async (found) => {
      await found?.close();
      return setAsideWarehouse(dataDir);
    },
  };
}

export function warehouseServer(settings: ClickHouseSettings & { readonly url: string }): WarehousePlace {
  const { url, user, password, database, cluster } = settings;
  const server = { url, username: user, password, database, ...(cluster !== undefined && { cluster }) };
  return {
    open: () => openClickHouseWarehouse(server),
    isDamage: isRebuildable,
    setAside: async (found) => setAsideClickHouseWarehouse(found ?? (await openClickHouseWarehouse(server))),
  };
}
