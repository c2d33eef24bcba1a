import { examineKafkaTopics, type TopicDifference } from '@heed/event-log-kafka';
import { Fault } from '@heed/kernel';
import type { Examine } from '@heed/operations';
import { statfs } from 'node:fs/promises';
import { kafkaLogSettings, type KafkaSettings } from './kafka-settings.ts';
import { readRedactionRules } from './redaction.ts';
import { HEED_VERSION } from './version.ts';

const LOW_DISK_BYTES = 1024 ** 3;

type Problem = Awaited<ReturnType<Examine>>['problems'][number];

/** Versions, what the machine itself lacks, and what is wrong with the topics where the log is on Kafka. */
export async function examineMachine({
  dataDir,
  kafka,
  redactionFile,
}: {
  readonly dataDir: string;
  readonly redactionFile?: string | undefined;
  readonly kafka: KafkaSettings;
}): ReturnType<Examine> {
  const problems = [
    ...(await examineDisk(dataDir)),
    ...(await examineKafka(kafka)),
    ...examineRedaction(redactionFile),
  ];
  return { versions: { heed: HEED_VERSION, node: process.versions.node }, problems };
}

/** A difference between a topic and the settings, as a problem. */
export function inWords({ topic, what, wanted, found, remedy }: TopicDifference): Problem {
  return { what: `Kafka topic ${topic}: ${what} is ${found}, not ${wanted}.`, do: sentence(remedy) };
}

async function examineDisk(dataDir: string): Promise<readonly Problem[]> {
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  if (freeBytes >= LOW_DISK_BYTES) return [];
  return [
    {
      what: `Only ${String(Math.floor(freeBytes / 1024 ** 2))} MiB are free where ${dataDir} lies.`,
      do: 'Make room. When the disk is full Heed refuses new events with 507 and keeps what it accepted.',
    },
  ];
}

/** A file that was changed since the start counts at the next one, and may keep it from coming about. */
function examineRedaction(file: string | undefined): readonly Problem[] {
  if (file === undefined) return [];
  try {
    readRedactionRules(file);
    return [];
  } catch (thrown) {
    if (thrown instanceof Fault) return [{ what: thrown.message, do: thrown.remedy }];
    throw thrown;
  }
}

async function examineKafka(kafka: KafkaSettings): Promise<readonly Problem[]> {
  const settings = kafkaLogSettings(kafka);
  if (settings === undefined) return [];
  try {
    return (await examineKafkaTopics(settings, settings.topics)).map(inWords);
  } catch (thrown) {
    if (thrown instanceof Fault) return [{ what: thrown.message, do: thrown.remedy }];
    throw thrown;
  }
}

function sentence(remedy: string): string {
  return `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`;
}
