import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import type { Admin } from 'kafkajs';
import { kafkaClient } from './kafka-client.ts';
import { isPassing, kafkaFault, typeOf } from './kafka-fault.ts';
import type { KafkaConnection } from './kafka-settings.ts';
import type { Offsets } from './topic-reader.ts';

const ATTEMPTS = 5;
const AGAIN_MS = 200;

/** Where a topic begins and where it ends, by partition. */
export interface TopicEnds {
  readonly low: Offsets;
  readonly high: Offsets;
}

/** What the brokers know of a topic and its groups, on one connection that is made when it is first needed. */
export class LogAdmin {
  readonly #connection: KafkaConnection;
  #connected: Promise<Admin> | undefined;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
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
    return topics[0]?.partitions.length ?? 0;
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
    const admin = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    await admin?.disconnect().catch(() => undefined);
  }

  /** Asks again, on a new connection, where the client itself does not: leaders move, and topics just made have none yet. */
  async #ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      this.#connected ??= this.#connect();
      const connected = this.#connected;
      try {
        return await connected.then(question);
      } catch (cause) {
        if (this.#connected === connected) await this.close();
        if (attempt >= ATTEMPTS || !isPassing(cause)) throw kafkaFault(cause);
        await delay(AGAIN_MS * attempt);
      }
    }
  }

  async #connect(): Promise<Admin> {
    const admin = kafkaClient(this.#connection).admin();
    await admin.connect();
    return admin;
  }
}

function groupErrorsOf(cause: unknown): readonly string[] {
  if (!(cause instanceof Error) || !('groups' in cause) || !Array.isArray(cause.groups)) return [];
  return cause.groups.map((group: unknown) =>
    typeof group === 'object' && group !== null && 'error' in group ? typeOf(group.error) : '',
  );
}
