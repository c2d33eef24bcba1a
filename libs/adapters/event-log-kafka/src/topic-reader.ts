import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import { PartitionAssigners, type Cluster, type Consumer, type KafkaMessage } from 'kafkajs';
import { z } from 'zod';
import { kafkaClient } from './kafka-client.ts';
import { kafkaFault, typeOf } from './kafka-fault.ts';
import type { KafkaConnection } from './kafka-settings.ts';
import type { Place } from './known-keys.ts';
import type { LogRecord } from './log-record.ts';

/** By partition: the offset of the next record to read, or of the first one not to. */
export type Offsets = ReadonlyMap<number, number>;

/** What one answer of a broker holds at most, if its first batch of records is not larger by itself. */
const FETCH = { maxBytes: 16 * 1024 * 1024, partitionBytes: 4 * 1024 * 1024, maxWaitMs: 500 };

const ATTEMPTS = 8;
const AGAIN_MS = 200;

type FetchedMessage = KafkaMessage & { readonly isControlRecord?: boolean };

/** Read at hundreds of thousands a second: the messages are typed here, not parsed. */
const fetched = z.object({
  responses: z.array(
    z.object({
      partitions: z.array(
        z.object({
          partition: z.number(),
          highWatermark: z.coerce.number(),
          messages: z.array(z.custom<FetchedMessage>()),
        }),
      ),
    }),
  ),
});

interface FetchedPartition {
  readonly partition: number;
  readonly records: readonly LogRecord[];
  readonly next: number;
  readonly atEnd: boolean;
}

/**
 * Reads any part of a topic without being in a consumer group: there is nothing to join and nothing to commit. kafkajs has no call for
 * that, but hands its cluster to whoever would assign partitions, and that can fetch.
 */
export class TopicReader {
  readonly #connection: KafkaConnection;
  readonly #topic: string;
  readonly #closing: AbortSignal | undefined;
  #connected: Promise<{ consumer: Consumer; cluster: Cluster }> | undefined;

  /** @param closing once it is aborted nothing is tried again */
  constructor(connection: KafkaConnection, topic: string, closing?: AbortSignal) {
    this.#connection = connection;
    this.#topic = topic;
    this.#closing = closing;
  }

  /** The records from `from` up to `to`, in order within each partition; the next ones are fetched while these are looked at. */
  async *read(
    from: Offsets,
    to: Offsets,
    partitionBytes = FETCH.partitionBytes,
  ): AsyncGenerator<readonly LogRecord[]> {
    const next = new Map([...from].filter(([partition, offset]) => offset < (to.get(partition) ?? 0)));
    let ahead = this.#ahead(next, partitionBytes);
    while (ahead !== undefined) {
      const records: LogRecord[] = [];
      for (const part of await ahead) {
        const end = to.get(part.partition) ?? 0;
        records.push(...part.records.filter(({ offset }) => offset < end));
        if (part.atEnd || part.next >= end) next.delete(part.partition);
        else next.set(part.partition, part.next);
      }
      ahead = this.#ahead(next, partitionBytes);
      if (records.length > 0) yield records;
    }
  }

  /** The one record at a place, read with no more of its neighbours than it was written with; undefined when it is there no more. */
  async at({ partition, offset }: Place): Promise<LogRecord | undefined> {
    const only = [new Map([[partition, offset]]), new Map([[partition, offset + 1]])] as const;
    for await (const [record] of this.read(...only, 1)) return record;
    return undefined;
  }

  /**
   * Where the topic begins and ends, for readers who look at no transactions: an administrator is told of an end before the first one that is still open.
   */
  async ends(): Promise<{ readonly low: Offsets; readonly high: Offsets }> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.#connected ??= this.#connect();
        const { cluster } = await this.#connected;
        await cluster.refreshMetadataIfNecessary();
        const partitions = cluster
          .findTopicPartitionMetadata(this.#topic)
          .map(({ partitionId }) => ({ partition: partitionId }));
        const [low = new Map(), high = new Map()] = await Promise.all(
          [true, false].map((fromBeginning) => offsetsOf(cluster, this.#topic, partitions, fromBeginning)),
        );
        return { low, high };
      } catch (cause) {
        if (attempt >= ATTEMPTS || this.#closing?.aborted) throw kafkaFault(cause);
        await this.close();
        await delay(AGAIN_MS * attempt);
      }
    }
  }

  async close(): Promise<void> {
    const closing = this.#connected;
    const connected = await closing?.catch(() => undefined);
    // Somebody else may have connected anew meanwhile.
    if (this.#connected === closing) this.#connected = undefined;
    await connected?.consumer.disconnect().catch(() => undefined);
  }

  #ahead(next: Offsets, partitionBytes: number): Promise<readonly FetchedPartition[]> | undefined {
    if (next.size === 0) return undefined;
    const fetching = this.#fetch(next, partitionBytes);
    // A failure is heard of where it is awaited; until then Node would call it unhandled.
    fetching.catch(() => undefined);
    return fetching;
  }

  async #fetch(next: Offsets, partitionBytes: number): Promise<readonly FetchedPartition[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#fetchOnce(next, partitionBytes);
      } catch (cause) {
        if (typeOf(cause) === 'OFFSET_OUT_OF_RANGE') throw retentionFault(cause);
        if (attempt >= ATTEMPTS || this.#closing?.aborted) throw kafkaFault(cause);
        await this.close();
        await delay(AGAIN_MS * attempt);
      }
    }
  }

  async #fetchOnce(next: Offsets, partitionBytes: number): Promise<readonly FetchedPartition[]> {
    this.#connected ??= this.#connect();
    const { cluster } = await this.#connected;
    const leaders = cluster.findLeaderForPartitions(this.#topic, [...next.keys()]);
    const answers = Object.entries(leaders).map(async ([nodeId, partitions]) => {
      const broker = await cluster.findBroker({ nodeId });
      const answer: unknown = await broker.fetch({
        isolationLevel: 0,
        maxWaitTime: FETCH.maxWaitMs,
        minBytes: 1,
        maxBytes: FETCH.maxBytes,
        topics: [
          {
            topic: this.#topic,
            partitions: partitions.map((partition) => ({
              partition,
              fetchOffset: String(next.get(partition) ?? 0),
              maxBytes: partitionBytes,
            })),
          },
        ],
      });
      return fetched.parse(answer).responses.flatMap(({ partitions: parts }) => parts);
    });
    const parts = (await Promise.all(answers)).flat();
    return parts.map(({ partition, highWatermark, messages }) => {
      const from = next.get(partition) ?? 0;
      const last = messages.at(-1);
      const after = last === undefined ? from : Math.max(from, Number(last.offset) + 1);
      return {
        partition,
        // An answer begins with the batch that holds the offset asked for, and may hold what stands before it.
        records: messages
          .filter(({ offset, isControlRecord }) => isControlRecord !== true && Number(offset) >= from)
          .map((message) => recordFrom(partition, message)),
        next: after,
        atEnd: after >= highWatermark,
      };
    });
  }

  async #connect(): Promise<{ consumer: Consumer; cluster: Cluster }> {
    const found = Promise.withResolvers<Cluster>();
    const consumer = kafkaClient(this.#connection).consumer({
      groupId: `${this.#topic}.reader`,
      readUncommitted: true,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        (given) => {
          found.resolve(given.cluster);
          return PartitionAssigners.roundRobin(given);
        },
      ],
    });
    try {
      await consumer.connect();
      const cluster = await found.promise;
      await cluster.addTargetTopic(this.#topic);
      return { consumer, cluster };
    } catch (cause) {
      await consumer.disconnect().catch(() => undefined);
      throw cause;
    }
  }
}

async function offsetsOf(
  cluster: Cluster,
  topic: string,
  partitions: { partition: number }[],
  fromBeginning: boolean,
): Promise<Offsets> {
  const topics = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
  return new Map(
    topics.flatMap((one) => one.partitions.map(({ partition, offset }) => [partition, Number(offset)])),
  );
}

export function recordFrom(partition: number, message: KafkaMessage): LogRecord {
  const { offset, key, value, headers = {}, timestamp } = message;
  return { partition, offset: Number(offset), key, value, headers, timestampMs: Number(timestamp) };
}

function retentionFault(cause: unknown): Fault {
  return new Fault(
    'log-unavailable',
    'Kafka removed a part of the log, by its retention, while it was being read.',
    'Do it again: it begins with what is there now.',
    { cause },
  );
}
