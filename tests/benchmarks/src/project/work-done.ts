import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';

/** What a stretch of work took, beside the time: on a machine shared with others it is this that tells whether the work grew. */
export interface WorkDone {
  /** Of this process, its engine included; not of the database. Seconds. */
  readonly cpuS: number;
  /** Rows that ClickHouse read to answer queries. */
  readonly rowsRead: number;
  /** Rows that it wrote anew when it merged parts. */
  readonly rowsMerged: number;
}

const counted = z.object({ read: z.coerce.number(), merged: z.coerce.number() });

/** Since the process began. */
export async function workSoFar(warehouse: Warehouse): Promise<WorkDone> {
  const { user, system } = process.cpuUsage();
  const [row] = await warehouse.query(
    counted,
    "SELECT sumIf(value, event = 'SelectedRows') AS read, sumIf(value, event = 'MergedRows') AS merged FROM system.events",
  );
  return { cpuS: (user + system) / 1e6, rowsRead: row?.read ?? 0, rowsMerged: row?.merged ?? 0 };
}

export function workBetween(from: WorkDone, to: WorkDone): WorkDone {
  return {
    cpuS: to.cpuS - from.cpuS,
    rowsRead: to.rowsRead - from.rowsRead,
    rowsMerged: to.rowsMerged - from.rowsMerged,
  };
}

/** By event. */
export function workNote({ cpuS, rowsRead, rowsMerged }: WorkDone, events: number): string {
  const each = (count: number): string => (count / events).toFixed(1);
  return `${each(cpuS * 1e6)} us of CPU, ${each(rowsRead)} rows read, ${each(rowsMerged)} rows merged an event`;
}
