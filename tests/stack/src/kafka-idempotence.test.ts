import { kafkaEventLog, topicNames } from '@heed/event-log-kafka';
import { tenantId } from '@heed/kernel';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { entries, entry, keysIn, OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();
const tenant = tenantId('default');

describe('a log opened after another', () => {
  it('knows what was appended to the newest records, and judges content that looks different by what the log keeps', async () => {
    const settings = await broker.newTopics();
    const first = kafkaEventLog(settings);
    await first.append([...entries(0, 500), entry('json', { body: '{"a":1,"b":2}' })]);
    const second = kafkaEventLog(settings);
    expect(new Set(await second.append(entries(0, 500)))).toEqual(new Set(['duplicate']));
    expect(
      await second.append([
        entry('json', { body: '{ "b": 2, "a": 1 }' }),
        entry('json', { body: '{"a":2,"b":1}' }),
        entry('new'),
      ]),
    ).toEqual(['duplicate', 'conflict', 'appended']);
    expect(await keysIn(second)).toHaveLength(503);
    await Promise.all([first.close(), second.close()]);
  });

  it('goes on from the counts that were saved, and counts like one that reads everything', async () => {
    const settings = { ...(await broker.newTopics()), countsSavedEvery: 100 };
    const first = kafkaEventLog(settings);
    await first.append([...entries(0, 150), entry('bad', { deadLetter: 'unreadable' })]);
    const counted = [{ tenant, accepted: 151, deadLettered: 1 }];
    expect(await first.counts()).toEqual(counted);
    await first.close();

    const second = kafkaEventLog({ ...settings, knownKeys: 1 });
    expect(await second.counts()).toEqual(counted);
    // Forgotten by the appender, so these go in again and count again; readers say that they repeat.
    expect(new Set(await second.append(entries(0, 20)))).toEqual(new Set(['appended']));
    await second.append([entry('other', { tenant: tenantId('b') })]);
    const after = [
      { tenant: tenantId('b'), accepted: 1, deadLettered: 0 },
      { tenant, accepted: 171, deadLettered: 1 },
    ];
    expect(await second.counts()).toEqual(after);
    const third = kafkaEventLog(settings);
    expect(await third.counts()).toEqual(after);
    await Promise.all([second.close(), third.close()]);
  });
});

describe('what the appender has forgotten', () => {
  it('goes in again, and readers see it twice in its session, in order', async () => {
    const log = kafkaEventLog({ ...(await broker.newTopics()), knownKeys: 3 });
    expect(await log.append(entries(0, 5))).toEqual(entries(0, 5).map(() => 'appended'));
    expect(await log.append([entry('e-0'), entry('e-4')])).toEqual(['appended', 'duplicate']);
    expect((await keysIn(log)).filter((key) => key === 'e-0')).toHaveLength(2);
    await log.close();
  });
});

describe('a batch larger than one request', () => {
  it('is appended whole and in order, and known when it comes again', async () => {
    const log = kafkaEventLog(await broker.newTopics());
    const batch = Array.from({ length: 12 }, (_, index) =>
      entry(`large-${index}`, { session: 's', body: JSON.stringify(String(index).padEnd(2 ** 21, 'x')) }),
    );
    expect(new Set(await log.append(batch))).toEqual(new Set(['appended']));
    expect(new Set(await log.append(batch))).toEqual(new Set(['duplicate']));
    expect(await keysIn(log)).toEqual(batch.map(({ key }) => key));
    await log.close();
  });
});

describe('dead letters', () => {
  it('stand in their own topic too, under the same key, with the reason', async () => {
    const settings = await broker.newTopics();
    const log = kafkaEventLog(settings);
    await log.append([
      entry('fine', { session: 's' }),
      entry('!unreadable:1', { session: '', body: 'nonsense', deadLetter: 'unreadable' }),
      entry('fine', { session: 's', body: '"other"' }),
    ]);
    const found = await deadLettersOf(topicNames(settings.topics).deadLetters, 2);
    expect(found.toSorted()).toEqual([
      'default/ unreadable nonsense',
      'default/s conflicting-duplicate "other"',
    ]);
    await log.close();
  });

  it('of applications go there when they are read, and those that Heed had refused not once more', async () => {
    const settings = await broker.newTopics();
    const names = topicNames(settings.topics);
    const log = kafkaEventLog(settings);
    await log.append([entry('!unreadable:1', { body: 'nonsense', deadLetter: 'unreadable' })]);
    await sent(names.events, [
      { key: 'shop/s', value: 'no json' },
      { key: 'shop/s', value: Buffer.from([0xff]) },
    ]);
    const read: string[] = [];
    const all = Promise.withResolvers<undefined>();
    const reader = log.consume('g', { maxBatch: 10 }, (batch) => {
      read.push(...batch.map(({ body }) => body));
      if (read.length === 3) all.resolve(undefined);
      return Promise.resolve();
    });
    await Promise.race([all.promise, reader.done]);
    await reader.stop();
    const found = await deadLettersOf(names.deadLetters, 3);
    expect(found.toSorted()).toEqual([
      'default/s-!unreadable:1 unreadable nonsense',
      'shop/ unreadable no json',
      'shop/ unreadable {"heed.bytes":"/w=="}',
    ]);
    expect(await recordsOf(names.deadLetters)).toBe(3);
    await log.close();
  });
});

function client(): Kafka {
  return new Kafka({ brokers: [...broker.connection.brokers], logLevel: logLevel.NOTHING });
}

async function sent(topic: string, messages: readonly Message[]): Promise<void> {
  const producer = client().producer();
  await producer.connect();
  await producer.send({ topic, messages: [...messages] });
  await producer.disconnect();
}

async function recordsOf(topic: string): Promise<number> {
  const admin = client().admin();
  await admin.connect();
  const partitions = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return partitions.reduce((sum, { high }) => sum + Number(high), 0);
}

async function deadLettersOf(topic: string, count: number): Promise<readonly string[]> {
  const consumer = client().consumer({ groupId: 'anybody' });
  const found: string[] = [];
  const enough = Promise.withResolvers<undefined>();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value, headers } }) => {
      found.push([key, headers?.['heed-dead-letter'], value].map(String).join(' '));
      if (found.length >= count) enough.resolve(undefined);
      return Promise.resolve();
    },
  });
  await enough.promise;
  await consumer.disconnect();
  return found;
}
