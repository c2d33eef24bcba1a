import { createKafkaTopics, examineKafkaTopics, kafkaEventLog } from '@heed/event-log-kafka';
import { postgresEventLog } from '@heed/event-log-postgres';
import type { EventLog, OpenBodies } from '@heed/events';
import { Fault } from '@heed/kernel';
import type { Log } from '@heed/platform';
import type { Postgres } from '@heed/postgres';
import { kafkaLogSettings, type KafkaSettings } from './kafka-settings.ts';
import { inWords } from './examine-machine.ts';
import { sealedEventLog } from './sealed-event-log.ts';
import type { Say } from './tell-applied.ts';

/** Kafka counts by reading, and retention takes away: what is to be counted is read before. */
const COUNT_EVERY_MS = 3_600_000;

/**
 * The log that the settings name: in the database, or on Kafka, whose topics are made where they are missing, and told of where they are other than the
 * settings. Everybody's words stand sealed in it.
 *
 * @throws Fault `log-elsewhere`, `log-topics-not-made`, `log-unavailable`
 */
export function openEventLog(
  postgres: Postgres,
  kafka: KafkaSettings | undefined,
  say: Say,
  journal: Log | undefined,
): Promise<EventLog> {
  return sealedEventLog(postgres, journal, (opened) => openUnsealed(postgres, kafka, say, journal, opened));
}

/** @param opened how what it holds is compared with what comes */
async function openUnsealed(
  postgres: Postgres,
  kafka: KafkaSettings | undefined,
  say: Say,
  journal: Log | undefined,
  opened: OpenBodies,
): Promise<EventLog> {
  const inDatabase = postgresEventLog(postgres, opened);
  const settings = kafka && kafkaLogSettings(kafka, journal);
  if (settings === undefined) return inDatabase;
  await refuseSecondLog(inDatabase);
  await createKafkaTopics(settings, settings.topics);
  for (const difference of await examineKafkaTopics(settings, settings.topics)) say(inWords(difference).what);
  const log = kafkaEventLog(settings, opened);
  return settings.topics.retentionMs === undefined ? log : countedInTime(log);
}

/** A warehouse is filled from one log: with another one beside it nothing would add up. */
async function refuseSecondLog(inDatabase: EventLog): Promise<void> {
  const counts = await inDatabase.counts();
  await inDatabase.close();
  const accepted = counts.reduce((sum, count) => sum + count.accepted, 0);
  if (accepted === 0) return;
  throw new Fault(
    'log-elsewhere',
    `The database has a log of its own, with ${accepted} entries; the one on Kafka would begin beside it.`,
    'Start without HEED_KAFKA_BROKERS, or give Heed on Kafka a data folder, a database and a warehouse that are new, and import or send the events again.',
  );
}

function countedInTime(log: EventLog): EventLog {
  const counting = setInterval(() => void log.counts().catch(() => undefined), COUNT_EVERY_MS).unref();
  return {
    ...log,
    close: () => {
      clearInterval(counting);
      return log.close();
    },
  };
}
