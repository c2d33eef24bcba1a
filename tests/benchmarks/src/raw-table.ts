import { openEmbeddedPostgres } from '@heed/postgres';
import pg from 'pg';
import type { RawLog } from './raw-log.ts';

/** The least a durable event can cost in PostgreSQL: its key, its session and its text in one table, one statement a group. */
export async function openRawTable(dataDir: string, connections: number): Promise<RawLog> {
  const postgres = await openEmbeddedPostgres({ dataDir, passClosedFolders: true });
  const pool = new pg.Pool({ connectionString: postgres.url, max: connections });
  // A connection that is still saying goodbye when the server stops is none of the measurement's business.
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE raw_event (id text PRIMARY KEY, session text NOT NULL, body text NOT NULL)');
  const text = 'INSERT INTO raw_event SELECT * FROM unnest($1::text[], $2::text[], $3::text[])';
  return {
    described: (rows) =>
      `${String(connections)} connections inserting ${String(rows)} row${rows === 1 ? '' : 's'} a statement into PostgreSQL`,
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
