import {
  dataSubjectOf,
  plainBody,
  type DataSubject,
  type EventLog,
  type LogEntry,
  type NewLogEntry,
} from '@heed/events';
import type { KeyVault } from './key-vault.ts';
import { openEntries } from './open-entries.ts';
import { seal } from './subject-key.ts';

/**
 * The same log, in which everybody's words stand under a key of their own: sealed as they are appended, opened as they are read (docs/decisions/0019).
 * Readers open each batch inside their handler, with the keys as they are at that moment. The log beneath is to compare by `openBodies`.
 */
export function sealedLog(log: EventLog, vault: KeyVault): EventLog {
  return {
    ...log,
    append: async (batch) => log.append(await sealEntries(batch, vault)),
    consume: (group, options, handle) =>
      log.consume(group, options, async (batch) => handle(await openEntries(batch, vault))),
    replay: (options) => openedReplay(log.replay(options), vault),
    removeTenant: async (tenant) => {
      await log.removeTenant(tenant);
      await vault.removeTenant(tenant);
    },
  };
}

async function* openedReplay(
  batches: AsyncIterable<readonly LogEntry[]>,
  vault: KeyVault,
): AsyncGenerator<readonly LogEntry[]> {
  for await (const batch of batches) yield await openEntries(batch, vault);
}

/** Keys for a whole batch are asked for at once. What nobody's words are in costs a look at the text. */
async function sealEntries(batch: readonly NewLogEntry[], vault: KeyVault): Promise<readonly NewLogEntry[]> {
  const subjects = batch.map(subjectOf);
  const wanted = batch.flatMap(({ receivedAtMs }, index) => {
    const subject = subjects[index];
    return subject === undefined ? [] : [{ subject, sinceMs: receivedAtMs }];
  });
  const keys = wanted.length === 0 ? [] : await vault.keysFor(wanted);
  let next = 0;
  return batch.map((entry, index) => {
    const key = subjects[index] && keys[next++];
    const body = key === undefined ? plainBody(entry.body) : seal(key, entry.body);
    return body === entry.body ? entry : { ...entry, body, plain: entry.body };
  });
}

/** Whoever parsed the entry has looked already; the others' are read again. */
function subjectOf(entry: NewLogEntry): DataSubject | undefined {
  return entry.subject === undefined ? dataSubjectOf(entry) : (entry.subject ?? undefined);
}
