import type { PoolClient } from 'pg';
import { joined, type NewRow } from './log-rows.ts';
import { fromStorable, toStorable } from './storable-text.ts';

/** Locks the log's one head row until the transaction ends: the next appender, of any process, waits here. */
export async function lockHead(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ position: number }>({
    name: 'log-lock-head',
    text: 'SELECT position FROM event_log_head FOR UPDATE',
  });
  const [head] = rows;
  if (head === undefined) throw new Error('event_log_head has lost its row');
  return head.position;
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

/** Writes the rows at the positions after `head` and moves it there; call it with the head locked. */
export async function insertRows(client: PoolClient, head: number, rows: readonly NewRow[]): Promise<void> {
  await client.query({
    name: 'log-insert',
    text: `WITH inserted AS (
        INSERT INTO event_log
          (position, received_at_ms, tenant, key, session, dead_letter, long_key, body)
        SELECT $1::bigint + new.index, received_at_ms, tenant, key, session, dead_letter, long_key, body
        FROM unnest(
          $3::bigint[],
          string_to_array($4, E'\\x02'),
          string_to_array($5, E'\\x02'),
          string_to_array($6, E'\\x02'),
          string_to_array($7, E'\\x02', ''),
          string_to_array($8, E'\\x02', ''),
          string_to_array($9, E'\\x02')
        ) WITH ORDINALITY
          AS new (received_at_ms, tenant, key, session, dead_letter, long_key, body, index)
        WHERE new.index <= $2::bigint
      )
      UPDATE event_log_head SET position = $1::bigint + $2::bigint`,
    values: [
      head,
      rows.length,
      rows.map(({ entry }) => entry.receivedAtMs),
      joined(rows, ({ tenant }) => tenant),
      joined(rows, ({ key }) => key),
      joined(rows, ({ entry }) => toStorable(entry.session)),
      joined(rows, ({ entry }) => entry.deadLetter ?? ''),
      joined(rows, ({ longKey }) => longKey ?? ''),
      joined(rows, ({ entry }) => toStorable(entry.body)),
    ],
  });
}

/** Adds the rows to their tenants' counts; call it with the head locked. */
export async function countRows(client: PoolClient, rows: readonly NewRow[]): Promise<void> {
  const counts = [...Map.groupBy(rows, ({ tenant }) => tenant)].map(([tenant, ofTenant]) => ({
    tenant,
    accepted: ofTenant.length,
    deadLettered: ofTenant.filter(({ entry }) => entry.deadLetter !== undefined).length,
  }));
  await client.query({
    name: 'log-count',
    text: `INSERT INTO event_log_count AS old (tenant, accepted, dead_lettered)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
      ON CONFLICT (tenant) DO UPDATE SET
        accepted = old.accepted + excluded.accepted,
        dead_lettered = old.dead_lettered + excluded.dead_lettered`,
    values: [
      counts.map(({ tenant }) => tenant),
      counts.map(({ accepted }) => accepted),
      counts.map(({ deadLettered }) => deadLettered),
    ],
  });
}
