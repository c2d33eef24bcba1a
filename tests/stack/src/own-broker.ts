import { rm } from 'node:fs/promises';
import type { EventLog, NewLogEntry } from '@heed/events';
import { createKafkaTopics, type KafkaLogSettings, type KafkaTopicSettings } from '@heed/event-log-kafka';
import { tenantId } from '@heed/kernel';
import { afterAll, beforeAll } from 'vitest';
import { startKafkaBroker, type KafkaBroker } from './kafka-broker.ts';
import { stackFolder } from './stack-folder.ts';

/** A broker of a test file's own, from before its first test to after its last. */
export class OwnBroker {
  #folder = '';
  #broker: KafkaBroker | undefined;
  #prefixes = 0;

  constructor() {
    beforeAll(async () => {
      this.#folder = await stackFolder();
      await this.start();
    });
    afterAll(async () => {
      await this.process.end('SIGTERM');
      await rm(this.#folder, { recursive: true });
    });
  }

  get process(): KafkaBroker {
    if (this.#broker === undefined) throw new Error('the broker does not run yet');
    return this.#broker;
  }

  get connection(): { readonly brokers: readonly string[] } {
    return { brokers: [this.process.address] };
  }

  /** Again on its folder, after it was ended. */
  async start(): Promise<void> {
    this.#broker = await startKafkaBroker(this.#folder);
  }

  /** Settings of a log of its own, whose topics are made. */
  async newTopics(
    topics: KafkaTopicSettings = {},
  ): Promise<KafkaLogSettings & { readonly topics: KafkaTopicSettings }> {
    const settings = {
      ...this.connection,
      topics: { prefix: `test-${++this.#prefixes}`, partitions: 4, ...topics },
    };
    await createKafkaTopics(settings, settings.topics);
    return settings;
  }
}

export function entry(key: string, fields: Partial<NewLogEntry> = {}): NewLogEntry {
  return {
    tenant: tenantId('default'),
    key,
    session: `s-${key}`,
    body: JSON.stringify({ key }),
    receivedAtMs: 1_000,
    ...fields,
  };
}

export function entries(from: number, to: number): readonly NewLogEntry[] {
  return Array.from({ length: to - from }, (_, index) => entry(`e-${from + index}`));
}

export async function keysIn(log: EventLog): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const batch of log.replay({ maxBatch: 1_000 })) keys.push(...batch.map(({ key }) => key));
  return keys;
}
