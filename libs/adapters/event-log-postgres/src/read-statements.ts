import type { LogEntry, LogLag, PartitionLag, ReadOptions } from '@heed/events';
import type { ClientBase, Pool } from 'pg';
import { entryOf, type LogRow } from './log-rows.ts';

type Queryable = ClientBase | Pool;

/**
 * The next entries after a position and up to another, in order. The lengths are told by the table without unpacking the texts, so what
 * goes beyond `maxBytes` is not read.
 */
export async function readAfter(
  db: Queryable,
  after: number,
  upTo: number,
  { maxBatch, maxBytes = Number.MAX_SAFE_INTEGER }: ReadOptions,
): Promise<readonly LogEntry[]> {
  const { rows } = await db.query<LogRow>({
    name: 'log-read',
    text: `SELECT position, received_at_ms, tenant, key, session, dead_letter, long_key, body
      FROM (
        SELECT *, row_number() OVER page AS nth, sum(octet_length(body)) OVER page AS bytes
        FROM (
          SELECT * FROM event_log WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
        ) page
        WINDOW page AS (ORDER BY position ROWS UNBOUNDED PRECEDING)
      ) running
      WHERE bytes <= $4 OR nth = 1
      ORDER BY position`,
    values: [after, upTo, maxBatch, maxBytes],
  });
  return rows.map(entryOf);
}

export async function readHead(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ position: number }>('SELECT position FROM event_log_head');
  return rows[0]?.position ?? 0;
}

export async function committedOf(db: Queryable, group: string): Promise<number> {
  const { rows } = await db.query<{ position: number }>(
    'SELECT position FROM event_log_group WHERE name = $1',
    [group],
  );
  return rows[0]?.position ?? 0;
}

export async function commitGroup(db: Queryable, group: string, position: number): Promise<void> {
  await db.query({
    name: 'log-commit-group',
    text: `INSERT INTO event_log_group (name, position) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
    values: [group, position],
  });
}

/** Counts entries one by one only where a removed tenant has left gaps; above them positions tell. */
export async function readLag(db: Queryable, group: string): Promise<LogLag> {
  const { rows } = await db.query<PartitionLag & { readonly entries: number }>(
    `SELECT head.position AS head, reader.position AS committed,
        head.position - greatest(reader.position, gaps_up_to) + (
          SELECT count(*) FROM event_log
          WHERE event_log.position > reader.position AND event_log.position <= gaps_up_to
        ) AS entries
      FROM event_log_head head,
        (SELECT coalesce((SELECT position FROM event_log_group WHERE name = $1), 0) AS position) reader`,
    [group],
  );
  const { entries, committed, head } = rows[0] ?? { entries: 0, committed: 0, head: 0 };
  return { entries, partitions: [{ committed, head }] };
}
