import type { Consumption, EventLog, LogCount, LogEntry, OpenBodies, ReadOptions } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { inTransaction, type Postgres } from '@heed/postgres';
import { appendBatch } from './append-batch.ts';
import { AppendSignal } from './append-signal.ts';
import { lockHead } from './append-statements.ts';
import { consumeLog } from './consume-log.ts';
import { committedOf, readAfter, readHead, readLag } from './read-statements.ts';
import { rewindGroup } from './rewind-group.ts';
import { fromStorable, toStorable } from './storable-text.ts';

interface CountRow {
  readonly tenant: string;
  readonly accepted: number;
  readonly dead_lettered: number;
}

/**
 * The log in PostgreSQL. Appends become visible one after the other, by the lock on the head row: a position that a reader sees is
 * never followed by a smaller one (docs/decisions/0003). Each takes a connection, so callers bound how many are under way.
 * `close` stops the readers and waits for appends and removals under way; the database stays open.
 *
 * @param opened how what it holds is read to be compared with what comes, where a `sealedLog` stands above it
 */
export function postgresEventLog(postgres: Postgres, opened: OpenBodies = asTheyStand): EventLog {
  const { pool } = postgres;
  const signal = new AppendSignal();
  const readers = new Set<Consumption>();
  const underWay = new Set<Promise<unknown>>();

  const untilDone = async <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    try {
      return await postgres.orFault(work);
    } finally {
      underWay.delete(work);
    }
  };

  return {
    append: async (batch) => {
      if (batch.length === 0) return [];
      const outcomes = await untilDone(appendBatch(pool, batch, opened));
      signal.appended();
      return outcomes;
    },
    consume: (group, options, handle) => {
      const reader = consumeLog(postgres, signal, group, options, handle);
      readers.add(reader);
      return reader;
    },
    replay: ({ committedBy, ...options }) => {
      const end = committedBy === undefined ? readHead(pool) : committedOf(pool, committedBy);
      return replayUpTo(postgres, postgres.orFault(end), options);
    },
    lag: (group) => postgres.orFault(readLag(pool, group)),
    rewind: (group) => postgres.orFault(rewindGroup(pool, group)),
    counts: () => postgres.orFault(readCounts(postgres)),
    removesTenants: true,
    removeTenant: (tenant) => untilDone(removeTenant(postgres, tenant)),
    close: async () => {
      await Promise.all([...readers].map((reader) => reader.stop()));
      await Promise.allSettled(underWay);
    },
  };
}

/** Of a log that nobody seals. */
const asTheyStand: OpenBodies = (stored) => Promise.resolve(stored.map(({ body }) => body));

function replayUpTo(
  postgres: Postgres,
  end: Promise<number>,
  options: ReadOptions,
): AsyncIterable<readonly LogEntry[]> {
  // The end is read at the call; that it could not be is told to whoever iterates.
  end.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      const last = await end;
      let after = 0;
      for (;;) {
        const batch = await postgres.orFault(readAfter(postgres.pool, after, last, options));
        const newest = batch.at(-1);
        if (newest === undefined) return;
        yield batch;
        after = newest.position;
      }
    },
  };
}

async function readCounts({ pool }: Postgres): Promise<readonly LogCount[]> {
  const { rows } = await pool.query<CountRow>(
    'SELECT tenant, accepted, dead_lettered FROM event_log_count ORDER BY tenant',
  );
  return rows.map(({ tenant, accepted, dead_lettered }) => ({
    tenant: tenantId(fromStorable(tenant)),
    accepted,
    deadLettered: dead_lettered,
  }));
}

async function removeTenant({ pool }: Postgres, tenant: TenantId): Promise<void> {
  const stored = toStorable(tenant);
  await inTransaction(pool, async (client) => {
    await lockHead(client);
    await client.query('DELETE FROM event_log WHERE tenant = $1', [stored]);
    await client.query('DELETE FROM event_log_count WHERE tenant = $1', [stored]);
    await client.query('DELETE FROM import_progress WHERE tenant = $1', [stored]);
    await client.query('UPDATE event_log_head SET gaps_up_to = position');
  });
}
