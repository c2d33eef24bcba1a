import type { EventLog, OpenBodies } from '@heed/events';
import { faultFields, type Log } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { openBodies, PostgresKeyVault, sealedLog } from '@heed/vault';

/** A key that another process destroyed is used no more after this long. */
const READ_DESTROYED_EVERY_MS = 1000;

/**
 * The log with everybody's words sealed, under keys in the database. Closing it stops reading of keys that others destroyed.
 *
 * @param open the log beneath; it compares what it holds by what it is given
 */
export async function sealedEventLog(
  postgres: Postgres,
  journal: Log | undefined,
  open: (opened: OpenBodies) => Promise<EventLog>,
): Promise<EventLog> {
  const vault = new PostgresKeyVault(postgres);
  const log = await open(openBodies(vault));
  const stopping = new AbortController();
  const reading = vault.keepReading(READ_DESTROYED_EVERY_MS, stopping.signal, (fault) => {
    journal?.warn('destroyed-keys-not-read', faultFields(fault));
  });
  return {
    ...sealedLog(log, vault),
    close: async () => {
      stopping.abort();
      await reading;
      await log.close();
    },
  };
}
