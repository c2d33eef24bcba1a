import { unlessAborted } from '@heed/kernel';
import { connectionUnless } from './connection-unless.ts';
import type { Postgres } from './postgres.ts';

/** Resolves when the server answers. A connection on which it has not by then is used no more. */
export async function askPostgres(postgres: Postgres, within: AbortSignal): Promise<void> {
  const client = await connectionUnless(postgres, within);
  try {
    await unlessAborted(within, postgres.orFault(client.query('SELECT 1')));
    client.release();
  } catch (cause) {
    client.release(true);
    throw cause;
  }
}
