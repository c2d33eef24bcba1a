import { createKafkaTopics, topicNames, type KafkaLogSettings } from '@heed/event-log-kafka';
import { Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import type { RawLog } from './raw-log.ts';

/** Groups on their way at once, and messages in one, as the collector has them. */
const SENDS = 2;
const MOST = 5000;

interface Waiting {
  readonly messages: readonly Message[];
  readonly settled: PromiseWithResolvers<undefined>;
}

/**
 * The least that a durable event can cost on Kafka: its key and its text, acknowledged by all in-sync replicas, by idempotent producers of
 * kafkajs. What waits together is sent together, as the collector does it; no HTTP, no validation, no judgement of repeats.
 */
export async function openRawTopic(brokers: readonly string[], prefix: string): Promise<RawLog> {
  const settings: KafkaLogSettings = { brokers, topics: { prefix } };
  await createKafkaTopics(settings, settings.topics);
  const topic = topicNames(settings.topics).events;
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producers = await Promise.all(Array.from({ length: SENDS }, () => connected(kafka)));
  const idle = [...producers];
  let waiting: readonly Waiting[] = [];

  const take = (): readonly Waiting[] => {
    let messages = 0;
    const beyond = waiting.findIndex((one, index) => {
      messages += one.messages.length;
      return index > 0 && messages > MOST;
    });
    const group = beyond === -1 ? waiting : waiting.slice(0, beyond);
    waiting = waiting.slice(group.length);
    return group;
  };
  const send = async (producer: Producer): Promise<void> => {
    for (let group = take(); group.length > 0; group = take()) {
      const messages = group.flatMap((one) => one.messages);
      try {
        await producer.send({ topic, acks: -1, messages });
        for (const { settled } of group) settled.resolve(undefined);
      } catch (thrown) {
        for (const { settled } of group) settled.reject(thrown);
      }
    }
    idle.push(producer);
  };
  return {
    described: (rows) =>
      `${String(SENDS)} idempotent producers of kafkajs sending what waits, ${String(rows)} at a time by those who wait`,
    append: async (rows) => {
      const messages = rows.map(({ session, body }) => ({ key: `default/${session}`, value: body }));
      const settled = Promise.withResolvers<undefined>();
      waiting = [...waiting, { messages, settled }];
      // Those who ask in the same turn go together.
      await Promise.resolve();
      const producer = idle.pop();
      if (producer !== undefined) void send(producer);
      await settled.promise;
    },
    close: async () => {
      await Promise.all(producers.map((producer) => producer.disconnect()));
      await removeTopics(brokers, prefix);
    },
  };
}

/** Takes a bench's own topics off the cluster again. */
export async function removeTopics(brokers: readonly string[], prefix: string): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.deleteTopics({ topics: Object.values<string>({ ...topicNames({ prefix }) }) });
  } finally {
    await admin.disconnect();
  }
}

async function connected(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false });
  await producer.connect();
  return producer;
}
