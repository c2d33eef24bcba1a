import type { TenantId } from '@heed/kernel';
import { z } from 'zod';
import type { SqlValues, Warehouse } from './warehouse.ts';

/** Resolves when every part of the table is written anew, on every replica. */
export const AT_ONCE = 'SETTINGS mutations_sync = 2';

const anyRow = z.object({ any: z.coerce.number() });

/** Writes the table's files anew without these rows of a tenant; nothing is written where there are none, which a look tells for far less. */
export async function deleteRows(
  warehouse: Warehouse,
  table: string,
  condition: string,
  values: SqlValues & { readonly tenant: TenantId },
): Promise<void> {
  const rows = `tenant = {tenant:String} AND ${condition}`;
  const [found] = await warehouse.query(
    anyRow,
    `SELECT 1 AS any FROM ${table} WHERE ${rows} LIMIT 1`,
    values,
  );
  if (found === undefined) return;
  await warehouse.execute(`ALTER TABLE ${table} DELETE WHERE ${rows} ${AT_ONCE}`, values);
}
