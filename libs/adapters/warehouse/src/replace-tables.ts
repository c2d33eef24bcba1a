import { TABLES } from './compare-tables.ts';
import type { Warehouse } from './warehouse.ts';
import { z } from 'zod';

/** Is there while tables are being exchanged. A table, since making one and dropping it are durable and at once. */
const UNDER_WAY = 'replace_under_way';

/** Puts another database's tables in the live ones' places, one after the other. See `isHalfReplaced`. */
export async function replaceTables(live: Warehouse, database: string): Promise<void> {
  await live.execute(`CREATE TABLE IF NOT EXISTS ${UNDER_WAY} (x UInt8) ENGINE = MergeTree ORDER BY x`);
  for (const table of TABLES)
    await live.execute(`EXCHANGE TABLES ${live.database}.${table} AND ${database}.${table}`);
  await live.execute(`DROP TABLE ${UNDER_WAY} SYNC`);
}

/** A replacement was cut off: some of its tables are of before and some of after. Nothing in it can be relied upon. */
export async function isHalfReplaced(warehouse: Warehouse): Promise<boolean> {
  const found = await warehouse.query(
    z.object({ name: z.string() }),
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND name = '${UNDER_WAY}'`,
  );
  return found.length > 0;
}
