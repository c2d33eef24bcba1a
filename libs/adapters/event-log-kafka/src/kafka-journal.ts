import { logLevel, type LogEntry, type logCreator } from 'kafkajs';

type JournalFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
type JournalWriter = (event: string, fields?: JournalFields) => void;

/** Heed's structured log, as far as it is needed here. */
export interface KafkaJournal {
  readonly debug: JournalWriter;
  readonly info: JournalWriter;
  readonly warn: JournalWriter;
}

/** It means that retries may come to an end; then Heed gives the producer up, which is what makes that safe (producer-lanes.ts). */
const expected = 'Limiting retries for the idempotent producer';

/** What may be told of a client's message; its other fields can hold whole payloads. */
const told = ['broker', 'groupId', 'topic', 'partition', 'error'];

/** The client's words in Heed's log. What it calls an error it mostly tries again: what it gives up is thrown, and said by whoever catches it. */
export function journalLog(journal: KafkaJournal | undefined): logCreator {
  return () => (entry) => {
    if (journal === undefined || entry.log.message.startsWith(expected)) return;
    writerFor(entry.level, journal)('kafka-client', fieldsOf(entry));
  };
}

function writerFor(level: logLevel, journal: KafkaJournal): JournalWriter {
  if (level === logLevel.ERROR) return journal.warn;
  return level === logLevel.WARN ? journal.info : journal.debug;
}

function fieldsOf({ namespace, log }: LogEntry): JournalFields {
  const fields: Record<string, string | number> = { message: log.message, part: namespace };
  for (const name of told) {
    const value: unknown = log[name];
    if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
  }
  return fields;
}
