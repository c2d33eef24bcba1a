import { z } from 'zod';
import type { SqlValues, Warehouse } from './warehouse.ts';

/** Resolves when every part of the table is written anew, on every replica. */
export const AT_ONCE = 'SETTINGS mutations_sync = 2';

const anyRow = z.object({ any: z.coerce.number() });

/** Writes the table's files anew without these rows; nothing is written where there are none, which a look tells for far less. */
export async function deleteRows(
  warehouse: Warehouse,
  table: string,
  condition: string,
  values: SqlValues,
): Promise<void> {
  const [found] = await warehouse.query(
    anyRow,
    `SELECT 1 AS any FROM ${table} WHERE ${condition} LIMIT 1`,
    values,
  );
  if (found === undefined) return;
  await warehouse.execute(`ALTER TABLE ${table} DELETE WHERE ${condition} ${AT_ONCE}`, values);
}
