import { unlessAborted } from '@heed/kernel';
import type pg from 'pg';
import type { Postgres } from './postgres.ts';

/** A connection of the pool, unless it is given up first: all of them may be in the hands of others who wait. */
export async function connectionUnless(postgres: Postgres, givenUp: AbortSignal): Promise<pg.PoolClient> {
  const connecting = postgres.orFault(postgres.pool.connect());
  try {
    return await unlessAborted(givenUp, connecting);
  } catch (cause) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw cause;
  }
}
