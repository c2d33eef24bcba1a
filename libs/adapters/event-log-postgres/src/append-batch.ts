import type { AppendOutcome, NewLogEntry } from '@heed/events';
import type { PoolClient } from 'pg';
import { countRows, findKnown, insertRows, lockHead } from './append-statements.ts';
import { identityOf, judgeBatch } from './judge-batch.ts';
import { newRow, type NewRow } from './log-rows.ts';

/** Appends the batch within a transaction, and says what became of each entry. */
export async function appendBatch(
  client: PoolClient,
  batch: readonly NewLogEntry[],
): Promise<readonly AppendOutcome[]> {
  const rows = batch.map(newRow);
  const head = await lockHead(client);
  const { outcomes, conflicts, rows: judged } = judgeBatch(rows, await bodiesHeld(client, rows));
  const toWrite = conflicts.length === 0 ? judged : await withoutKept(client, judged, conflicts);
  if (toWrite.length > 0) {
    await insertRows(client, head, toWrite);
    await countRows(client, toWrite);
  }
  return outcomes;
}

async function bodiesHeld(client: PoolClient, rows: readonly NewRow[]): Promise<ReadonlyMap<string, string>> {
  const known = await findKnown(client, rows);
  const held = new Map<string, string>();
  for (const [index, body] of known) {
    const row = rows[index];
    if (row !== undefined) held.set(identityOf(row), body);
  }
  return held;
}

/** The same conflicting event may have come before: then the log keeps it already. */
async function withoutKept(
  client: PoolClient,
  rows: readonly NewRow[],
  conflicts: readonly NewRow[],
): Promise<readonly NewRow[]> {
  const kept = await bodiesHeld(client, conflicts);
  return rows.filter((row) => !kept.has(identityOf(row)));
}
