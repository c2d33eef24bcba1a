import { MOST_PARTITIONS, type KafkaLogSettings, type KafkaTopicSettings } from '@heed/event-log-kafka';
import { z } from 'zod';
import { oneOf, whole } from './setting-shapes.ts';

const BROKER = /^[\w.-]+:\d{1,5}$/u;
const DAY_MS = 86_400_000;

/** Where the log is on Kafka and how its topics are made; without brokers the log is in the database. */
export const kafkaSettings = z
  .strictObject({
    brokers: z
      .string()
      .refine((text) => brokersIn(text).every((broker) => BROKER.test(broker)), {
        error: 'expected HOST:PORT of some brokers, with commas between them',
      })
      .optional(),
    prefix: z
      .string()
      .regex(/^[\w.-]{1,200}$/u, 'expected letters, digits, dots, _ and -')
      .default('heed'),
    partitions: whole(1, MOST_PARTITIONS).default(12),
    replication: whole(1, 100).optional(),
    retentionDays: whole(1, 36_500).optional(),
    ssl: oneOf(['true', 'false']).default('false'),
    user: z.string().min(1).optional(),
    password: z.string().default(''),
    mechanism: oneOf(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512'),
  })
  .superRefine(({ user, password }, told) => {
    // Told of the user, and never of the password: a fault shows the value that it is about.
    if (user !== undefined && password === '')
      told.addIssue({ code: 'custom', path: ['user'], message: 'expected HEED_KAFKA_PASSWORD beside it' });
    if (user === undefined && password !== '')
      told.addIssue({ code: 'custom', path: ['user'], message: 'expected, since there is a password' });
  });

export type KafkaSettings = z.output<typeof kafkaSettings>;

/** Undefined where the log is not on Kafka. */
export function kafkaLogSettings(
  { brokers, ssl, user, password, mechanism, ...topics }: KafkaSettings,
  journal?: KafkaLogSettings['journal'],
): (KafkaLogSettings & { readonly topics: KafkaTopicSettings }) | undefined {
  if (brokers === undefined) return undefined;
  const { prefix, partitions, replication, retentionDays } = topics;
  return {
    brokers: brokersIn(brokers),
    ...(ssl === 'true' && { ssl: true }),
    ...(user !== undefined && { sasl: saslOf(mechanism, { username: user, password }) }),
    ...(journal && { journal }),
    topics: {
      prefix,
      partitions,
      ...(replication !== undefined && { replicationFactor: replication }),
      ...(retentionDays !== undefined && { retentionMs: retentionDays * DAY_MS }),
    },
  };
}

function saslOf(
  mechanism: KafkaSettings['mechanism'],
  who: { readonly username: string; readonly password: string },
): NonNullable<KafkaLogSettings['sasl']> {
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...who };
    case 'scram-sha-256':
      return { mechanism, ...who };
    case 'scram-sha-512':
      return { mechanism, ...who };
  }
}

function brokersIn(text: string): readonly string[] {
  return text.split(',').map((broker) => broker.trim());
}
