import type { EventLimits } from '@heed/events';
import type { KafkaConfig } from 'kafkajs';
import type { KafkaJournal } from './kafka-journal.ts';

export interface KafkaConnection {
  /** `host:port` of some of the cluster's brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** How Heed names itself to the brokers; `heed` when absent. */
  readonly clientId?: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  /** How long one request may stay unanswered, milliseconds; when absent 10 000, of an append 5 000, and of a reader 25 000: it is answered when its group has met. */
  readonly requestTimeoutMs?: number;
  /** Where the client's own messages go; nowhere when absent. */
  readonly journal?: KafkaJournal;
}

export interface KafkaTopicSettings {
  /** Begins the names of Heed's topics and groups; `heed` when absent. */
  readonly prefix?: string;
  /** How many readers can share the work at most; 12 when absent. Chosen once: with another number sessions change their partition. */
  readonly partitions?: number;
  /** Copies of each partition; the brokers' own default when absent. */
  readonly replicationFactor?: number;
  /** How long events are kept, milliseconds; for ever when absent. What is gone cannot be replayed. */
  readonly retentionMs?: number;
  /** Bytes of the largest batch of records that a topic takes; 72 MiB when absent, which holds the largest HTTP body. */
  readonly maxMessageBytes?: number;
}

export interface KafkaLogSettings extends KafkaConnection {
  readonly topics?: KafkaTopicSettings;
  /** After so many milliseconds an append that is not known to be durable has failed; 7 000 when absent. */
  readonly appendWithinMs?: number;
  /** What applications' own events are judged by; Heed's defaults when absent. */
  readonly limits?: EventLimits;
  /** Newest keys by which a repeat is recognised; 500 000 when absent, some 120 MB. */
  readonly knownKeys?: number;
  /** Counted events after which the counts are saved; 50 000 when absent. */
  readonly countsSavedEvery?: number;
}

export interface TopicNames {
  readonly events: string;
  readonly deadLetters: string;
  readonly counts: string;
}

export function topicNames({ prefix = 'heed' }: KafkaTopicSettings = {}): TopicNames {
  return { events: `${prefix}.events`, deadLetters: `${prefix}.dead-letters`, counts: `${prefix}.counts` };
}

/** Consumer groups share one name space with everybody's on the cluster. */
export function groupName(group: string, { prefix = 'heed' }: KafkaTopicSettings = {}): string {
  return `${prefix}.${group}`;
}
