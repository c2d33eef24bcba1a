import { Fault } from '@heed/kernel';
import { inTransaction } from '@heed/postgres';
import type { Pool } from 'pg';
import { commitGroup } from './read-statements.ts';

/** Sets the group back to the beginning, while nobody can begin to read as it. Throws Fault `log-group-in-use` where somebody does: he would go on where he was. */
export function rewindGroup(pool: Pool, group: string): Promise<void> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ taken: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('heed log group ' || $1, 0)) AS taken",
      [group],
    );
    if (rows[0]?.taken !== true) {
      throw new Fault(
        'log-group-in-use',
        `Somebody reads the log as group ${group}.`,
        'Stop its readers, and do it again.',
      );
    }
    await commitGroup(client, group, 0);
  });
}
