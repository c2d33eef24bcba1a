import { openEmbeddedPostgres } from '@heed/postgres';
import pg from 'pg';
import type { RawLog } from './raw-log.ts';

/** The least a durable event can cost in PostgreSQL: the log's own table with its two keys, one statement a group, and nobody who orders or counts. */
export async function openRawTable(dataDir: string, connections: number): Promise<RawLog> {
  const postgres = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
  const pool = new pg.Pool({ connectionString: postgres.url, max: connections });
  // A connection that is still saying goodbye when the server stops is none of the measurement's business.
  pool.on('error', () => undefined);
  await pool.query('CREATE SEQUENCE raw_position CACHE 1000');
  const text = `INSERT INTO event_log (position, received_at_ms, tenant, key, session, body)
    SELECT nextval('raw_position'), 0, 'default', * FROM unnest($1::text[], $2::text[], $3::text[])`;
  return {
    described: (rows) =>
      `${String(connections)} connections inserting ${String(rows)} row${rows === 1 ? '' : 's'} a statement into the log's table`,
    append: async (rows) => {
      await pool.query({
        name: `raw-${String(rows.length)}`,
        text,
        values: [rows.map(({ id }) => id), rows.map(({ session }) => session), rows.map(({ body }) => body)],
      });
    },
    close: async () => {
      await pool.end();
      await postgres.close();
    },
  };
}
