import type { AppendOutcome, NewLogEntry, OpenBodies } from '@heed/events';
import { inTransaction } from '@heed/postgres';
import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { appendNew, findKnown, lockHead } from './append-statements.ts';
import { ERASED, identityOf, judgeBatch, type Held } from './judge-batch.ts';
import { charsOf, inParts, newRow, type NewRow } from './log-rows.ts';

/** Far below the longest string there can be, even when every character is stored as its escape of six. */
const maxStatementChars = 32 * 1024 * 1024;

const uniqueViolation = '23505';

/** Appends the batch, all of it or nothing, and says what became of each entry. */
export async function appendBatch(
  pool: Pool,
  batch: readonly NewLogEntry[],
  opened: OpenBodies,
): Promise<readonly AppendOutcome[]> {
  const rows = batch.map(newRow);
  if (await appendUnjudged(pool, rows)) return rows.map(() => 'appended');
  return inTransaction(pool, (client) => appendJudged(client, rows, opened));
}

/** Nearly every batch brings only what is new: then there is nothing to judge. False, and nothing written, when this one may not. */
async function appendUnjudged(pool: Pool, rows: readonly NewRow[]): Promise<boolean> {
  if (!fitsOneStatement(rows) || new Set(rows.map(identityOf)).size < rows.length) return false;
  // Not by `pool.query`, which throws its connection away, prepared statements and all, when a statement fails.
  const client = await pool.connect();
  let lost: unknown;
  try {
    return await appendNew(client, rows);
  } catch (cause) {
    if (cause instanceof DatabaseError && cause.code === uniqueViolation) return false;
    lost = cause;
    throw cause;
  } finally {
    client.release(lost !== undefined);
  }
}

function fitsOneStatement(rows: readonly NewRow[]): boolean {
  return rows.reduce((chars, row) => chars + charsOf(row), 0) <= maxStatementChars;
}

async function appendJudged(
  client: PoolClient,
  rows: readonly NewRow[],
  opened: OpenBodies,
): Promise<readonly AppendOutcome[]> {
  await lockHead(client);
  const held = await saidByHeld(rows, await bodiesHeld(client, rows), opened);
  const { outcomes, conflicts, rows: judged } = judgeBatch(rows, held);
  const toWrite = conflicts.length === 0 ? judged : await withoutKept(client, judged, conflicts);
  // Each statement's texts go as one string, whose length is bounded; the transaction holds the statements together.
  for (const part of inParts(toWrite, maxStatementChars)) {
    if (!(await appendNew(client, part))) throw new Error('a row was judged new whose key the log knows');
  }
  return outcomes;
}

/** Opened are only those whose bytes are not the newcomer's: a repeat, nearly always, is the same to the byte. */
async function saidByHeld(
  rows: readonly NewRow[],
  held: ReadonlyMap<string, string>,
  opened: OpenBodies,
): Promise<Held> {
  const said = new Map<string, string | typeof ERASED>(held);
  const differing = new Map<string, { readonly tenant: NewLogEntry['tenant']; readonly body: string }>();
  for (const row of rows) {
    const { tenant, body: own, plain } = row.entry;
    const identity = identityOf(row);
    const body = held.get(identity);
    if (body === undefined) continue;
    if (body !== own) differing.set(identity, { tenant, body });
    else if (plain !== undefined && !differing.has(identity)) said.set(identity, plain);
  }
  const texts = differing.size === 0 ? [] : await opened([...differing.values()]);
  [...differing.keys()].forEach((identity, index) => said.set(identity, texts[index] ?? ERASED));
  return said;
}

async function bodiesHeld(client: PoolClient, rows: readonly NewRow[]): Promise<ReadonlyMap<string, string>> {
  // Each identity once: one event sent a thousand times in a batch is not to be fetched a thousand times.
  const distinct = [...new Map(rows.map((row) => [identityOf(row), row])).values()];
  const known = await findKnown(client, distinct);
  const held = new Map<string, string>();
  for (const [index, body] of known) {
    const row = distinct[index];
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
