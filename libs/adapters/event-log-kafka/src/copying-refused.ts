import type { LogEntry } from '@heed/events';
import { isHeedsOwn } from './event-record.ts';
import { kafkaFault } from './kafka-fault.ts';
import type { KafkaJournal } from './kafka-journal.ts';
import type { LogRecord } from './log-record.ts';

export interface CopyingParts {
  readonly read: (record: LogRecord) => LogEntry;
  readonly handle: (batch: readonly LogEntry[]) => Promise<void>;
  readonly copy: (entries: readonly LogEntry[]) => Promise<void>;
  readonly journal: KafkaJournal | undefined;
}

/**
 * Reading and handling, with what applications wrote that is no event copied to the topic of dead letters before its batch is handled: nobody stood at
 * an edge to do it. A batch that comes again is copied again, under the same keys.
 */
export function copyingRefused({
  read,
  handle,
  copy,
  journal,
}: CopyingParts): Pick<CopyingParts, 'read' | 'handle'> {
  const refused = new WeakSet<LogEntry>();
  return {
    read: (record) => {
      const entry = read(record);
      if (entry.deadLetter !== undefined && !isHeedsOwn(record)) refused.add(entry);
      return entry;
    },
    handle: async (batch) => {
      const letters = batch.filter((entry) => refused.has(entry));
      if (letters.length > 0) await copyAll(letters, copy, journal);
      await handle(batch);
    },
  };
}

/** One that the topic does not take stays where it is, in the log: those behind it do not wait for it. */
async function copyAll(
  letters: readonly LogEntry[],
  copy: CopyingParts['copy'],
  journal: KafkaJournal | undefined,
): Promise<void> {
  try {
    await copy(letters);
  } catch (thrown) {
    const fault = kafkaFault(thrown);
    if (fault.code !== 'batch-unstorable') throw fault;
    const [only] = letters;
    if (letters.length > 1) for (const letter of letters) await copyAll([letter], copy, journal);
    else journal?.warn('dead-letter-not-copied', { code: fault.code, bytes: only?.body.length });
  }
}
