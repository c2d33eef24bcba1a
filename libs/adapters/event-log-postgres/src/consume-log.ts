import { consumptionOf, type Consumption, type ConsumeOptions, type LogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import type { Postgres } from '@heed/postgres';
import type { PoolClient } from 'pg';
import type { AppendSignal } from './append-signal.ts';
import { commitGroup, committedOf, readAfter } from './read-statements.ts';

/** How long an append of another process may wait to be seen here. */
const pollMs = 200;

type Handler = (batch: readonly LogEntry[]) => Promise<void>;

/** Reads on a connection of its own, which also holds the group: the lock goes when the process does, however it ends. */
export function consumeLog(
  postgres: Postgres,
  signal: AppendSignal,
  group: string,
  options: ConsumeOptions,
  handle: Handler,
): Consumption {
  return consumptionOf((stopping) =>
    withGroup(postgres, group, (client) =>
      consume(postgres, client, signal, group, options, handle, stopping),
    ),
  );
}

async function consume(
  postgres: Postgres,
  client: PoolClient,
  signal: AppendSignal,
  group: string,
  options: ConsumeOptions,
  handle: Handler,
  stopping: AbortSignal,
): Promise<void> {
  let batch: readonly LogEntry[] = [];
  let position = await postgres.orFault(committedOf(client, group));
  while (!stopping.aborted) {
    await options.beforeBatch?.(batch);
    const seen = signal.appends;
    batch = await postgres.orFault(readAfter(client, position, Number.MAX_SAFE_INTEGER, options));
    const last = batch.at(-1);
    if (last === undefined) {
      await signal.beyond(seen, pollMs, stopping);
    } else {
      await handle(batch);
      await postgres.orFault(commitGroup(client, group, last.position));
      position = last.position;
    }
  }
}

async function withGroup(
  postgres: Postgres,
  group: string,
  work: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const client = await postgres.orFault(postgres.pool.connect());
  let lost = false;
  const noteLoss = (): void => {
    lost = true;
  };
  client.on('error', noteLoss);
  try {
    await postgres.orFault(takeGroup(client, group));
    await work(client);
  } finally {
    client.off('error', noteLoss);
    await client.query('SELECT pg_advisory_unlock_all()').catch(noteLoss);
    client.release(lost);
  }
}

async function takeGroup(client: PoolClient, group: string): Promise<void> {
  const { rows } = await client.query<{ taken: boolean }>(
    "SELECT pg_try_advisory_lock(hashtextextended('heed log group ' || $1, 0)) AS taken",
    [group],
  );
  if (rows[0]?.taken === true) return;
  throw new Fault(
    'log-group-in-use',
    `Somebody else reads the log as group ${group} already.`,
    'Stop the other reader, or read under another group name.',
  );
}
