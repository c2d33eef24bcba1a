import type { TenantId } from '@heed/kernel';
import { z } from 'zod';
import { encodeRows } from './encode-rows.ts';
import type { Warehouse } from './warehouse.ts';

const dirtyRow = z.object({ day: z.string(), marks: z.coerce.number(), steps: z.coerce.number() });
const countedRow = dirtyRow.pick({ day: true });
export type DirtyDay = z.infer<typeof dirtyRow>;

/** What one pass takes at most: its table of distinct steps must fit in memory (about 50 bytes each). */
const STEPS_PER_PASS = 40_000_000;
const DAYS_PER_PASS = 1000;

/**
 * Days whose sessions changed since they were last counted, oldest first, with the marks that a count begun now will know of. A day that a
 * projector has opened and not closed changes at any moment, or was left half-way by one that was killed: it counts as changed.
 */
export function dirtyDays(warehouse: Warehouse, tenant: TenantId): Promise<readonly DirtyDay[]> {
  return warehouse.query(
    dirtyRow,
    `SELECT toString(day) AS day, marks, steps
     FROM (SELECT day, sum(opened) + sum(closed) AS marks, sum(opened) > sum(closed) AS is_open FROM day_marks WHERE tenant = {tenant:String} GROUP BY day) AS marked
     LEFT JOIN (SELECT day, seen FROM day_counts_seen FINAL WHERE tenant = {tenant:String}) AS counted USING day
     LEFT JOIN (SELECT day, sum(length(chain_ids)) AS steps FROM sessions WHERE tenant = {tenant:String} GROUP BY day) AS sized USING day
     WHERE marks != seen OR is_open ORDER BY day
     SETTINGS join_use_nulls = 0`,
    { tenant },
  );
}

/** Dirty days in groups small enough to be counted in one pass each. */
export function passesOver(days: readonly DirtyDay[]): readonly (readonly DirtyDay[])[] {
  const passes: DirtyDay[][] = [];
  let room = { steps: 0, days: 0 };
  for (const day of days) {
    const pass = passes.at(-1);
    if (pass && room.days > 0 && room.steps >= day.steps) pass.push(day);
    else {
      passes.push([day]);
      room = { steps: STEPS_PER_PASS, days: DAYS_PER_PASS };
    }
    room = { steps: room.steps - day.steps, days: room.days - 1 };
  }
  return passes;
}

/**
 * Counts these days alone, in one pass over their sessions, beside the counts in use; swaps each day in at once; then notes the
 * marks that the counts know of. Cut off anywhere, the days are still dirty and it can be repeated. Only one may run at a time.
 */
export async function recountDays(
  warehouse: Warehouse,
  tenant: TenantId,
  days: readonly DirtyDay[],
): Promise<void> {
  await warehouse.execute('TRUNCATE TABLE transitions_staging');
  await warehouse.execute(COUNT_STEPS, { tenant, days: days.map(({ day }) => day) });
  await swapIn(warehouse, tenant, days);
  await warehouse.insert(
    'day_counts_seen',
    ['tenant', 'day', 'seen'],
    encodeRows(days.map(({ day, marks }) => [tenant, day, marks])),
  );
  await warehouse.execute('TRUNCATE TABLE transitions_staging');
}

// T_ij counts sessions: a session that goes to and fro takes each step once. It needs four states to take one twice.
// One block out of one thread makes one part a day; the limit on partitions is there for who does not mean it.
const COUNT_STEPS = `
  INSERT INTO transitions_staging (tenant, day, from_id, to_id, sessions)
  SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 1,
           min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0
  SELECT {tenant:String}, day, step.1 AS from_id, step.2 AS to_id, count()
  FROM
  (
      SELECT day,
             arrayZip(chain_ids, arrayPushBack(arrayPopFront(chain_ids), toUInt64(chain_end))) AS taken,
             arrayJoin(if(length(chain_ids) < 4, taken, arrayDistinct(taken))) AS step
      FROM sessions FINAL
      WHERE tenant = {tenant:String} AND day IN (SELECT toDate(arrayJoin({days:Array(String)}))) AND notEmpty(chain_ids)
  )
  GROUP BY day, from_id, to_id`;

/** A day without sessions any more was not counted, and its old counts go. */
async function swapIn(warehouse: Warehouse, tenant: TenantId, days: readonly DirtyDay[]): Promise<void> {
  const rows = await warehouse.query(
    countedRow,
    'SELECT DISTINCT toString(day) AS day FROM transitions_staging WHERE tenant = {tenant:String}',
    { tenant },
  );
  const counted = new Set(rows.map(({ day }) => day));
  const values = Object.fromEntries(days.map(({ day }, i) => [`day${i}`, day]));
  const swaps = days.map(({ day }, i) =>
    counted.has(day)
      ? `REPLACE PARTITION ({tenant:String}, {day${i}:Date}) FROM transitions_staging`
      : `DROP PARTITION ({tenant:String}, {day${i}:Date})`,
  );
  await warehouse.execute(`ALTER TABLE transitions ${swaps.join(', ')}`, { tenant, ...values });
}
