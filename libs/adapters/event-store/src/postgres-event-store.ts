import { err, ok, type Result } from '@heed/kernel';
import type { EventStore, NewStoredEvent, NotQuiet, Quiet, StoredEvent, WrongVersion } from '@heed/policies';
import type { Postgres } from '@heed/postgres';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';

const storedRow = z.object({
  stream: z.string(),
  version: z.number(),
  position: z.coerce.number(),
  type: z.string(),
  data: z.unknown(),
  recorded_at_ms: z.coerce.number(),
});
const endRow = z.object({ version: z.number(), position: z.coerce.number(), overtaken: z.boolean() });

const headRows = z.tuple([endRow.pick({ position: true })]);

const columns = 'stream, version, position, type, data, recorded_at_ms';

/**
 * The control store's events in PostgreSQL. Appends go one after the other, so that positions become visible in their
 * order: decisions are few, and readers must not miss one. The database itself refuses updates and deletes.
 */
export function postgresEventStore(postgres: Postgres): EventStore {
  const { dataSource } = postgres;
  const read = async (where: string, values: readonly unknown[]): Promise<readonly StoredEvent[]> => {
    const query = `SELECT ${columns} FROM event_store WHERE ${where}`;
    const rows: unknown = await postgres.orFault(dataSource.query(query, [...values]));
    return z.array(storedRow).parse(rows).map(eventOf);
  };
  return {
    load: (stream) => read('stream = $1 ORDER BY version', [stream]),
    append: (stream, expectedVersion, events, recordedAtMs, quiet) =>
      postgres.orFault(
        dataSource.transaction((manager) =>
          append(manager, stream, expectedVersion, events, recordedAtMs, quiet),
        ),
      ),
    readAll: (streamPrefix, afterPosition) =>
      read('starts_with(stream, $1) AND position > $2 ORDER BY position', [streamPrefix, afterPosition]),
    head: async () => {
      const found: unknown = await postgres.orFault(
        dataSource.query('SELECT coalesce(max(position), 0) AS position FROM event_store'),
      );
      return headRows.parse(found)[0].position;
    },
  };
}

async function append(
  manager: EntityManager,
  stream: string,
  expectedVersion: number,
  events: readonly NewStoredEvent[],
  recordedAtMs: number,
  quiet: Quiet = { streams: [], after: 0 },
): Promise<Result<number, WrongVersion | NotQuiet>> {
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('heed event store', 0))");
  const end = endRow.parse(
    (
      await manager.query<unknown[]>(
        `SELECT coalesce((SELECT max(version) FROM event_store WHERE stream = $1), 0) AS version,
          coalesce((SELECT max(position) FROM event_store), 0) AS position,
          EXISTS (SELECT FROM event_store WHERE stream = ANY ($2::text[]) AND position > $3) AS overtaken`,
        [stream, quiet.streams, quiet.after],
      )
    )[0],
  );
  if (end.version !== expectedVersion) {
    return err({ code: 'wrong-version', expected: expectedVersion, actual: end.version });
  }
  if (end.overtaken) return err({ code: 'not-quiet' });
  await manager.query(
    `INSERT INTO event_store (position, stream, version, type, data, recorded_at_ms)
      SELECT $1::bigint + index, $2, $3::integer + index, type, data, $4::bigint
      FROM unnest($5::text[], $6::jsonb[]) WITH ORDINALITY AS new (type, data, index)`,
    [
      end.position,
      stream,
      end.version,
      recordedAtMs,
      events.map(({ type }) => type),
      events.map(({ data }) => toJsonColumn(data)),
    ],
  );
  return ok(end.version + events.length);
}

function eventOf({ recorded_at_ms, data, ...row }: z.infer<typeof storedRow>): StoredEvent {
  return { ...row, data: fromJsonColumn(data), recordedAtMs: recorded_at_ms };
}
