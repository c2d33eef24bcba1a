import type { TenantId } from '@heed/kernel';
import { z } from 'zod';
import { encodeRows, type Cell } from './encode-rows.ts';
import type { SqlValues, Warehouse } from './warehouse.ts';

const dayRow = z.object({ day: z.string() });

export type Marks = Uint8Array;

export function marksOf(days: Iterable<{ readonly tenant: TenantId; readonly day: string }>): Marks {
  return encodeRows(Array.from(days, ({ tenant, day }): readonly Cell[] => [tenant, day, 1]));
}

/** See `day_marks`: whoever counts meanwhile, or after this was cut off, finds the day dirty again. */
export function openDays(warehouse: Warehouse, marks: Marks): Promise<void> {
  return warehouse.insert('day_marks', ['tenant', 'day', 'opened'], marks);
}

export function closeDays(warehouse: Warehouse, marks: Marks): Promise<void> {
  return warehouse.insert('day_marks', ['tenant', 'day', 'closed'], marks);
}

/**
 * Days that a batch opened and never closed: its sessions may have moved to another day before it was cut off, and when it
 * comes again nothing tells any more which day they left.
 */
export function closeWhatWasCutOff(warehouse: Warehouse): Promise<void> {
  return warehouse.execute(
    `INSERT INTO day_marks (tenant, day, closed)
     SELECT tenant, day, sum(opened) - sum(closed) AS missing FROM day_marks GROUP BY tenant, day HAVING missing > 0`,
  );
}

/** Marks the days that these sessions are counted under, before and after work that takes the sessions from them. */
export async function markingDays(
  warehouse: Warehouse,
  sessions: string,
  values: SqlValues & { readonly tenant: TenantId },
  work: () => Promise<void>,
): Promise<void> {
  const days = await warehouse.query(
    dayRow,
    `SELECT DISTINCT toString(day) AS day FROM sessions WHERE tenant = {tenant:String} AND ${sessions}`,
    values,
  );
  const marks = marksOf(days.map(({ day }) => ({ tenant: values.tenant, day })));
  await openDays(warehouse, marks);
  await work();
  await closeDays(warehouse, marks);
}
