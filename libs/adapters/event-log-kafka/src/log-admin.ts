import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import type { Admin } from 'kafkajs';
import { kafkaClient } from './kafka-client.ts';
import { foundNoBroker, isPassing, kafkaFault, typeOf } from './kafka-fault.ts';
import type { KafkaConnection } from './kafka-settings.ts';
import { MOST_PARTITIONS } from './log-position.ts';
import type { Offsets } from './topic-reader.ts';

const ATTEMPTS = 8;
const AGAIN_MS = 200;

/** Where a topic begins and where it ends, by partition. */
export interface TopicEnds {
  readonly low: Offsets;
  readonly high: Offsets;
}

/** What the brokers know of a topic and its groups, on one connection that is made when it is first needed. */
export class LogAdmin {
  readonly #connection: KafkaConnection;
  readonly #closing: AbortSignal;
  #current: Connected | undefined;

  /** @param closing once it is aborted nothing is tried again */
  constructor(connection: KafkaConnection, closing: AbortSignal) {
    this.#connection = connection;
    this.#closing = closing;
  }

  async ends(topic: string): Promise<TopicEnds> {
    const partitions = await this.#ask((admin) => admin.fetchTopicOffsets(topic));
    return {
      low: new Map(partitions.map(({ partition, low }) => [partition, Number(low)])),
      high: new Map(partitions.map(({ partition, high }) => [partition, Number(high)])),
    };
  }

  async partitions(topic: string): Promise<number> {
    const { topics } = await this.#ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
    const count = topics[0]?.partitions.length ?? 0;
    refuseTooMany(topic, count);
    return count;
  }

  /** The partitions of which the group has committed anything. */
  async committed(groupId: string, topic: string): Promise<Offsets> {
    const topics = await this.#ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    const partitions = topics.find((one) => one.topic === topic)?.partitions ?? [];
    return new Map(
      partitions
        .map(({ partition, offset }) => [partition, Number(offset)] as const)
        .filter(([, offset]) => offset >= 0),
    );
  }

  /** A group that is not there begins at the beginning. Throws Fault `log-group-in-use` while anybody reads as it. */
  async forgetGroup(group: string, groupId: string): Promise<void> {
    await this.#ask((admin) =>
      admin.deleteGroups([groupId]).catch((cause: unknown) => {
        const codes = groupErrorsOf(cause);
        if (codes.includes('GROUP_ID_NOT_FOUND')) return;
        if (!codes.includes('NON_EMPTY_GROUP')) throw cause;
        throw new Fault(
          'log-group-in-use',
          `Somebody reads the log as group ${group}.`,
          'Stop its readers, and do it again.',
          { cause },
        );
      }),
    );
  }

  async close(): Promise<void> {
    const connected = this.#current;
    this.#current = undefined;
    if (connected !== undefined) await disconnect(connected);
  }

  /** Asks again, on a new connection, where the client itself does not: leaders move, and topics just made have none yet. */
  async #ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.#current ??= { admin: this.#connect(), questions: 0 };
      const connected = this.#current;
      connected.questions += 1;
      try {
        return await question(await connected.admin);
      } catch (cause) {
        // Nobody asks there any more; questions that are under way come to their end first.
        if (this.#current === connected) this.#current = undefined;
        if (attempt >= ATTEMPTS || !(isPassing(cause) || foundNoBroker(cause))) throw kafkaFault(cause);
        await delay(AGAIN_MS * attempt, undefined, { signal: this.#closing }).catch(() => undefined);
        if (this.#closing.aborted) throw kafkaFault(cause);
      } finally {
        connected.questions -= 1;
        if (this.#current !== connected && connected.questions === 0) void disconnect(connected);
      }
    }
  }

  async #connect(): Promise<Admin> {
    const admin = kafkaClient(this.#connection).admin();
    await admin.connect();
    return admin;
  }
}

interface Connected {
  readonly admin: Promise<Admin>;
  questions: number;
}

async function disconnect({ admin }: Connected): Promise<void> {
  const connected = await admin.catch(() => undefined);
  await connected?.disconnect().catch(() => undefined);
}

/** @throws Fault `log-too-many-partitions` */
export function refuseTooMany(topic: string, partitions: number): void {
  if (partitions <= MOST_PARTITIONS) return;
  throw new Fault(
    'log-too-many-partitions',
    `The topic ${topic} has ${partitions} partitions; Heed reads ${MOST_PARTITIONS} at most.`,
    'Give Heed topics of another prefix, with fewer partitions.',
  );
}

function groupErrorsOf(cause: unknown): readonly string[] {
  if (!(cause instanceof Error) || !('groups' in cause) || !Array.isArray(cause.groups)) return [];
  return cause.groups.map((group: unknown) =>
    typeof group === 'object' && group !== null && 'error' in group ? typeOf(group.error) : '',
  );
}
