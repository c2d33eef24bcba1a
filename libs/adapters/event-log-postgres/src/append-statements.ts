import type { PoolClient } from 'pg';
import { joined, type NewRow } from './log-rows.ts';
import { fromStorable, toStorable } from './storable-text.ts';

/** Locks the log's one head row until the transaction ends: the next appender, of any process, waits here. */
export async function lockHead(client: PoolClient): Promise<void> {
  const { rows } = await client.query({
    name: 'log-lock-head',
    text: 'SELECT position FROM event_log_head FOR UPDATE',
  });
  if (rows.length === 0) throw new Error('event_log_head has lost its row');
}

/** Bodies in the log by the index of the row that has the same key; call it with the head locked. */
export async function findKnown(
  client: PoolClient,
  rows: readonly NewRow[],
): Promise<ReadonlyMap<number, string>> {
  const found = await client.query<{ index: number; body: string }>({
    name: 'log-find-known',
    text: `SELECT new.index, old.body
      FROM unnest(string_to_array($1, E'\\x02'), string_to_array($2, E'\\x02'))
        WITH ORDINALITY AS new (tenant, key, index)
      JOIN event_log old ON old.tenant = new.tenant AND old.key = new.key
      WHERE new.index <= $3::bigint`,
    values: [joined(rows, ({ tenant }) => tenant), joined(rows, ({ key }) => key), rows.length],
  });
  return new Map(found.rows.map(({ index, body }) => [index - 1, fromStorable(body)]));
}

/**
 * Appends rows whose keys are all new, as they nearly always are, in one statement and one round trip: moves the head, writes the
 * rows behind it and counts them. False, and nothing written, when the log knows one of the keys. Takes READ COMMITTED: the look-up sees
 * what was committed when the statement began, and the head, which it may have to wait for, what is committed then. A key that another
 * appender wrote in between is unknown to the look-up and refused by the index: the statement fails (`unique_violation`).
 */
export async function appendNew(client: PoolClient, rows: readonly NewRow[]): Promise<boolean> {
  const { rows: moved } = await client.query({
    name: 'log-append-new',
    text: `WITH head AS (
        UPDATE event_log_head SET position = position + $1::bigint
        WHERE NOT EXISTS (
          SELECT FROM unnest(string_to_array($3, E'\\x02'), string_to_array($4, E'\\x02'))
            WITH ORDINALITY AS new (tenant, key, index)
          JOIN event_log old ON old.tenant = new.tenant AND old.key = new.key
          WHERE new.index <= $1::bigint
        )
        RETURNING position - $1::bigint AS before
      ), inserted AS (
        INSERT INTO event_log
          (position, received_at_ms, tenant, key, session, dead_letter, long_key, body)
        SELECT head.before + new.index, received_at_ms, tenant, key, session, dead_letter, long_key, body
        FROM head, unnest(
          $2::bigint[],
          string_to_array($3, E'\\x02'),
          string_to_array($4, E'\\x02'),
          string_to_array($5, E'\\x02'),
          string_to_array($6, E'\\x02', ''),
          string_to_array($7, E'\\x02', ''),
          string_to_array($8, E'\\x02')
        ) WITH ORDINALITY
          AS new (received_at_ms, tenant, key, session, dead_letter, long_key, body, index)
        WHERE new.index <= $1::bigint
      ), counted AS (
        INSERT INTO event_log_count AS old (tenant, accepted, dead_lettered)
        SELECT count.* FROM head, unnest($9::text[], $10::bigint[], $11::bigint[]) AS count
        ON CONFLICT (tenant) DO UPDATE SET
          accepted = old.accepted + excluded.accepted,
          dead_lettered = old.dead_lettered + excluded.dead_lettered
      )
      SELECT before FROM head`,
    values: [rows.length, ...columnsOf(rows), ...countsOf(rows)],
  });
  return moved.length > 0;
}

/** The rows as `unnest` takes them: what came when, and a text for each other column. */
function columnsOf(rows: readonly NewRow[]): readonly unknown[] {
  return [
    rows.map(({ entry }) => entry.receivedAtMs),
    joined(rows, ({ tenant }) => tenant),
    joined(rows, ({ key }) => key),
    joined(rows, ({ entry }) => toStorable(entry.session)),
    joinedIfAny(rows, ({ entry }) => entry.deadLetter),
    joinedIfAny(rows, ({ longKey }) => longKey),
    joined(rows, ({ entry }) => toStorable(entry.body)),
  ];
}

/** Null, which `unnest` takes for as many nulls as there are rows, where no row has any. */
function joinedIfAny(
  rows: readonly NewRow[],
  textOf: (row: NewRow) => string | null | undefined,
): string | null {
  return rows.some((row) => (textOf(row) ?? '') !== '') ? joined(rows, (row) => textOf(row) ?? '') : null;
}

/** Tenants, and what each has more of: three columns. */
function countsOf(rows: readonly NewRow[]): readonly [string[], number[], number[]] {
  const byTenant = [...Map.groupBy(rows, ({ tenant }) => tenant)];
  return [
    byTenant.map(([tenant]) => tenant),
    byTenant.map(([, ofTenant]) => ofTenant.length),
    byTenant.map(([, ofTenant]) => ofTenant.filter(({ entry }) => entry.deadLetter !== undefined).length),
  ];
}
