import { createKafkaTopics, examineKafkaTopics, kafkaEventLog } from '@heed/event-log-kafka';
import { describe, expect, it } from 'vitest';
import { entry, OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();

describe("Heed's topics", () => {
  it('are as the settings say once they are made, and making them again changes nothing', async () => {
    const { topics } = await broker.newTopics({ replicationFactor: 1, retentionMs: 86_400_000 });
    expect(await examineKafkaTopics(broker.connection, topics)).toEqual([]);
    await createKafkaTopics(broker.connection, topics);
    expect(await examineKafkaTopics(broker.connection, topics)).toEqual([]);
  });

  it('are told of where they differ, each thing with what to do', async () => {
    const { topics } = await broker.newTopics();
    const differences = await examineKafkaTopics(broker.connection, {
      ...topics,
      partitions: 6,
      replicationFactor: 3,
      retentionMs: 1_000,
    });
    const events = differences.filter(({ topic }) => topic.endsWith('.events'));
    expect(events.map(({ what, wanted, found }) => [what, wanted, found])).toEqual([
      ['partitions', '6', '4'],
      ['replication factor', '3', '1'],
      ['min.insync.replicas', '2', '1'],
      ['retention.ms', '1000', '-1'],
    ]);
    for (const { remedy } of differences) expect(remedy).not.toBe('');
  });

  it('are told of when they are not there', async () => {
    const differences = await examineKafkaTopics(broker.connection, { prefix: 'nobody' });
    expect(differences.map(({ topic, what }) => [topic, what])).toEqual([
      ['nobody.events', 'topic'],
      ['nobody.dead-letters', 'topic'],
      ['nobody.counts', 'topic'],
    ]);
  });

  it('cannot be had with more copies than there are brokers, and that is said', async () => {
    const made = createKafkaTopics(broker.connection, { prefix: 'three', replicationFactor: 3 });
    await expect(made).rejects.toMatchObject({ code: 'log-topics-not-made' });
  });
});

describe('a log without topics', () => {
  it('is not available, and says what is missing', async () => {
    const log = kafkaEventLog({ ...broker.connection, topics: { prefix: 'nobody' } });
    await expect(log.append([entry('e-1')])).rejects.toMatchObject({
      code: 'log-unavailable',
      message: expect.stringContaining('topic') as unknown,
    });
    const reader = log.consume('g', { maxBatch: 1 }, () => Promise.resolve());
    await expect(reader.done).rejects.toMatchObject({ code: 'log-unavailable' });
    await log.close();
  });

  it('takes a record that the topic does not for what it is', async () => {
    const log = kafkaEventLog(await broker.newTopics({ maxMessageBytes: 10_000 }));
    const large = log.append([entry('e-1', { body: JSON.stringify('x'.repeat(20_000)) })]);
    await expect(large).rejects.toMatchObject({ code: 'batch-unstorable' });
    expect(await log.append([entry('e-1')])).toEqual(['appended']);
    await log.close();
  });
});
