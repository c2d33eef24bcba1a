import { inTransaction, type Postgres } from '@heed/postgres';
import type { RemoveEntries } from '@heed/retention';
import type { PoolClient } from 'pg';
import { lockHead } from './append-statements.ts';
import { toStorable } from './storable-text.ts';

/** Positions of one statement. */
const AT_ONCE = 20_000;

/** Takes entries out of the log's table and its counts. They must have been read by every group, or be of no interest to it any more. */
export function removeEntriesFrom(postgres: Postgres): RemoveEntries {
  return async (tenant, positions) => {
    let removed = 0;
    for (let start = 0; start < positions.length; start += AT_ONCE) {
      const some = positions.slice(start, start + AT_ONCE);
      removed += await postgres.orFault(
        inTransaction(postgres.pool, (client) => removeSome(client, toStorable(tenant), some)),
      );
    }
    return removed;
  };
}

async function removeSome(client: PoolClient, tenant: string, positions: readonly number[]): Promise<number> {
  await lockHead(client);
  const { rows } = await client.query<{ entries: number }>(
    `WITH gone AS (
        DELETE FROM event_log WHERE tenant = $1 AND position = ANY($2::bigint[]) RETURNING position, dead_letter
      ), counted AS (
        SELECT count(*) AS entries, count(dead_letter) AS letters, coalesce(max(position), 0) AS last FROM gone
      ), head AS (
        UPDATE event_log_head SET gaps_up_to = greatest(gaps_up_to, last) FROM counted WHERE entries > 0
      ), fewer AS (
        UPDATE event_log_count SET accepted = accepted - entries, dead_lettered = dead_lettered - letters
        FROM counted WHERE tenant = $1
      )
      SELECT entries FROM counted`,
    [tenant, positions],
  );
  return rows[0]?.entries ?? 0;
}
