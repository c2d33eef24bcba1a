import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import type { Admin, ITopicConfig } from 'kafkajs';
import { kafkaClient } from './kafka-client.ts';
import { foundNoBroker, isPassing, orFault } from './kafka-fault.ts';
import { topicNames, type KafkaConnection, type KafkaTopicSettings } from './kafka-settings.ts';

const MiB = 1024 * 1024;

/** Half a minute. */
const LOOKS = 150;
const LOOK_AGAIN_MS = 200;

/** What a topic of Heed's is to be. */
export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number | undefined;
  readonly config: Readonly<Record<string, string>>;
}

export function wantedTopics(settings: KafkaTopicSettings = {}): readonly WantedTopic[] {
  const { partitions = 12, replicationFactor, retentionMs = -1, maxMessageBytes = 72 * MiB } = settings;
  const names = topicNames(settings);
  const durable = {
    'max.message.bytes': String(maxMessageBytes),
    // An acknowledged event is on more than one disk, where there is more than one.
    ...(replicationFactor !== undefined && { 'min.insync.replicas': replicationFactor > 2 ? '2' : '1' }),
  };
  const kept = {
    ...durable,
    'cleanup.policy': 'delete',
    'retention.ms': String(retentionMs),
    'retention.bytes': '-1',
    // The broker's clock says when an application's own event came in; the application's need not be right.
    'message.timestamp.type': 'LogAppendTime',
  };
  return [
    { name: names.events, partitions, replicationFactor, config: kept },
    { name: names.deadLetters, partitions, replicationFactor, config: kept },
    {
      name: names.counts,
      partitions: 1,
      replicationFactor,
      config: { ...durable, 'cleanup.policy': 'compact' },
    },
  ];
}

/** Makes those of Heed's topics that are not there. Changes none that is. Throws Fault `log-topics-not-made`, `log-unavailable`. */
export async function createKafkaTopics(
  connection: KafkaConnection,
  settings: KafkaTopicSettings = {},
): Promise<void> {
  await withAdmin(connection, async (admin) => {
    const there = new Set(await admin.listTopics());
    const missing = wantedTopics(settings).filter(({ name }) => !there.has(name));
    if (missing.length === 0) return;
    try {
      // False when another process has just made them.
      await admin.createTopics({ topics: missing.map(topicConfig), waitForLeaders: false });
    } catch (cause) {
      throw new Fault(
        'log-topics-not-made',
        `Kafka did not make the topics ${missing.map(({ name }) => name).join(', ')}: ${reasonsOf(cause)}`,
        'Change the topic settings to what the cluster can do, or give this user the right to make topics, or make them yourself.',
        { cause },
      );
    }
    await untilLed(
      admin,
      missing.map(({ name }) => name),
    );
  });
}

/** Until every partition answers: a broker that has just made a topic may not know it for a while, which kafkajs itself takes for a failure. */
async function untilLed(admin: Admin, topics: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
      return;
    } catch (cause) {
      if (attempt >= LOOKS || !(isPassing(cause) || foundNoBroker(cause))) throw cause;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

export async function withAdmin<T>(
  connection: KafkaConnection,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafkaClient(connection).admin();
  try {
    await orFault(admin.connect());
    return await orFault(work(admin));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function topicConfig({ name, partitions, replicationFactor = -1, config }: WantedTopic): ITopicConfig {
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  return { topic: name, numPartitions: partitions, replicationFactor, configEntries };
}

function reasonsOf(cause: unknown): string {
  const errors = cause instanceof AggregateError ? (cause.errors as readonly unknown[]) : [cause];
  return errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
}
