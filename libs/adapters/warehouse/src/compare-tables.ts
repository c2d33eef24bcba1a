import { z } from 'zod';
import type { RebuiltTable } from '@heed/sessions';
import type { Warehouse } from './warehouse.ts';

/**
 * What is compared, of each row its latest version alone. The marks of days are left out: they say how often batches came, and
 * serve nothing but the counts.
 */
const COMPARED = {
  // A log does not tell what an erased event was; a warehouse that had read it before does.
  filed_events: '(SELECT * EXCEPT (rewritten, event_name) FROM filed_events FINAL)',
  sessions: 'sessions FINAL',
  session_places: 'session_places FINAL',
  dead_letters: 'dead_letters FINAL',
  redrives: 'redrives FINAL',
  // Where a warehouse is older than the table, it lacks the rows of what never came again.
  repeats:
    '(SELECT tenant, kind, scope, key, arraySort(groupUniqArray(position)) AS positions FROM repeats GROUP BY tenant, kind, scope, key HAVING length(positions) > 1)',
  turns: 'turns',
  signals: 'signals',
  labels: 'labels',
  chain_steps: 'chain_steps',
  all_dead_letters: 'all_dead_letters',
  orphaned_events: 'orphaned_events',
  transitions: 'transitions',
  state_ends: 'state_ends',
} as const;

/** The tables that hold rows themselves, the marks among them; all else are views. */
export const TABLES = [
  'filed_events',
  'sessions',
  'session_places',
  'dead_letters',
  'redrives',
  'repeats',
  'day_marks',
  'day_counts_seen',
  'transitions',
] as const;

const fingerprintRow = z.object({ rows: z.coerce.number(), hash: z.string() });

/**
 * Number of rows, and the sum of a 128-bit hash of each: the same for the same rows in any order, and, unlike an exclusive or,
 * different when a row is doubled.
 */
async function fingerprint(
  warehouse: Warehouse,
  source: string,
): Promise<{ readonly rows: number; readonly hash: string }> {
  const [row] = await warehouse.query(
    fingerprintRow,
    `SELECT count() AS rows, toString(sum(reinterpretAsUInt128(sipHash128(tuple(*))))) AS hash FROM ${source}`,
  );
  return row ?? { rows: 0, hash: '' };
}

export async function compareTables(live: Warehouse, rebuilt: Warehouse): Promise<readonly RebuiltTable[]> {
  const compared: RebuiltTable[] = [];
  for (const [table, source] of Object.entries(COMPARED)) {
    const [ours, theirs] = await Promise.all([fingerprint(live, source), fingerprint(rebuilt, source)]);
    compared.push({
      table,
      rows: theirs.rows,
      equal: ours.rows === theirs.rows && ours.hash === theirs.hash,
    });
  }
  return compared;
}

export async function countTables(warehouse: Warehouse): Promise<readonly RebuiltTable[]> {
  const counted: RebuiltTable[] = [];
  for (const [table, source] of Object.entries(COMPARED)) {
    const { rows } = await fingerprint(warehouse, source);
    counted.push({ table, rows, equal: null });
  }
  return counted;
}
