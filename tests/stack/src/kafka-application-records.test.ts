import { cloudEventOf, entriesAhead, type LogEntry } from '@heed/events';
import { kafkaEventLog, MOST_PARTITIONS, topicNames } from '@heed/event-log-kafka';
import { tenantId } from '@heed/kernel';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();
const shop = tenantId('shop');
const data = { turn: 't-1', request: { text: 'play jazz' } };
const event = cloudEventOf({
  type: 'heed.turn.v1',
  id: 'e-1',
  session: 's-1',
  source: '/app',
  timeMs: Date.UTC(2026, 2, 1),
  data,
});
const attributes = {
  ce_specversion: '1.0',
  ce_id: 'e-2',
  ce_source: '/app',
  ce_type: 'heed.turn.v1',
  ce_subject: 's-1',
  ce_time: '2026-03-01T09:00:00Z',
  'content-type': 'application/json',
};

describe('events that an application writes to the topic itself', () => {
  it('are read in structured mode as they are', async () => {
    const value = JSON.stringify(event, null, 2);
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    const [entry] = await written([{ key: 'shop/s-1', value, headers }]);
    expect(entry).toMatchObject({ tenant: 'shop', key: 'e-1', session: 's-1', body: value });
    expect(entry).not.toHaveProperty('deadLetter');
  });

  it('are read in binary mode as the same event in one text, the data byte for byte', async () => {
    const value = '{ "turn": "t-1",  "request": {"text":"play jazz"} }';
    const [entry] = await written([{ key: 'shop/s-1', value, headers: attributes }]);
    expect(entry).toMatchObject({ tenant: 'shop', key: 'e-2', session: 's-1' });
    expect(entry?.body).toContain(`"data":${value}`);
    expect(JSON.parse(entry?.body ?? '')).toEqual({
      specversion: '1.0',
      id: 'e-2',
      source: '/app',
      type: 'heed.turn.v1',
      subject: 's-1',
      time: '2026-03-01T09:00:00Z',
      datacontenttype: 'application/json',
      data,
    });
  });

  it('are received when the broker took them in, whatever clock they were sent by', async () => {
    const before = Date.now();
    const [entry] = await written([{ key: 'shop/s-1', value: JSON.stringify(event), timestamp: '1000' }]);
    expect(entry?.receivedAtMs).toBeGreaterThanOrEqual(before);
    expect(entry?.receivedAtMs).toBeLessThanOrEqual(Date.now());
  });

  it('belong to the tenant of the header, else to the one that the key begins with, else to the default', async () => {
    const value = JSON.stringify(event);
    const read = await written([
      { key: 'shop/s-1', value, headers: { 'heed-tenant': 'bank' }, partition: 0 },
      { key: 'shop/s-1', value, partition: 0 },
      { key: 's-1', value, partition: 0 },
      { key: null, value, partition: 0 },
      { key: 'No Tenant/s-1', value, partition: 0 },
    ]);
    expect(read.map(({ tenant }) => tenant)).toEqual(['bank', 'shop', 'default', 'default', 'default']);
  });

  it('are dead letters where they are no events, and nothing of them is lost', async () => {
    const read = await written([
      { key: 'shop/s', value: 'no json', partition: 0 },
      { key: 'shop/s', value: null, partition: 0 },
      { key: 'shop/s', value: Buffer.from([0xff, 0xfe]), partition: 0 },
      { key: 'shop/s', value: '{"a":1},"id":"e-9"', headers: attributes, partition: 0 },
      { key: 'shop/s', value: Buffer.from([0xff]), headers: attributes, partition: 0 },
      { key: 'shop/s', value: '{}', headers: { ...attributes, ce_type: 'heed.turn.v9' }, partition: 0 },
    ]);
    expect(read.map(({ deadLetter }) => deadLetter)).toEqual([
      'unreadable',
      'unreadable',
      'unreadable',
      'schema-violation',
      'schema-violation',
      'unsupported-version',
    ]);
    expect(read[2]?.body).toBe('{"heed.bytes":"//4="}');
    expect(JSON.parse(read[3]?.body ?? '')).toMatchObject({ id: 'e-2', data: '{"a":1},"id":"e-9"' });
    expect(JSON.parse(read[4]?.body ?? '')).toMatchObject({ data_base64: '/w==' });
  });

  it('may be written in transactions, whose marks readers do not wait for', async () => {
    const settings = await broker.newTopics({ partitions: 1 });
    const log = kafkaEventLog(settings);
    const seen = Promise.withResolvers<undefined>();
    const reader = log.consume('g', { maxBatch: 10 }, () => {
      seen.resolve(undefined);
      return Promise.resolve();
    });
    const kafka = new Kafka({ brokers: [...broker.connection.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ transactionalId: 'app', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({
      topic: topicNames(settings.topics).events,
      messages: [{ key: 'shop/s-1', value: JSON.stringify(event) }],
    });
    // Read before its transaction ends: the mark that ends it then comes alone.
    await Promise.race([seen.promise, reader.done]);
    await transaction.commit();
    await producer.disconnect();
    // The broker answers before it writes the mark.
    const head = async (): Promise<unknown> => (await log.lag('g')).partitions;
    await expect.poll(head, { timeout: 60_000 }).toMatchObject([{ head: 2 }]);
    const goal = await log.lag('g');
    await expect.poll(async () => entriesAhead(goal, await log.lag('g')), { timeout: 60_000 }).toBe(0);
    await reader.stop();
    await log.close();
  });

  it('are counted, and go to the partition in which Heed looks for their session', async () => {
    const settings = await broker.newTopics();
    const log = kafkaEventLog(settings);
    const session = 'any session, ä';
    await log.append([{ tenant: shop, key: 'own', session, body: '{}', receivedAtMs: 1 }]);
    await send(topicNames(settings.topics).events, [
      { key: `${shop}/${session}`, value: JSON.stringify({ ...event, subject: session }) },
    ]);
    const read: LogEntry[] = [];
    for await (const batch of log.replay({ maxBatch: 10 })) read.push(...batch);
    expect(read.map(({ key }) => key)).toEqual(['own', 'e-1']);
    // One partition, one offset further.
    const [own = 0, theirs = 0] = read.map(({ position }) => position);
    expect(theirs - own).toBe(MOST_PARTITIONS);
    expect(await log.counts()).toEqual([{ tenant: shop, accepted: 2, deadLettered: 0 }]);
    await log.close();
  });
});

async function written(messages: readonly Message[]): Promise<readonly LogEntry[]> {
  const settings = await broker.newTopics();
  await send(topicNames(settings.topics).events, messages);
  const log = kafkaEventLog(settings);
  const read: LogEntry[] = [];
  for await (const batch of log.replay({ maxBatch: 100 })) read.push(...batch);
  await log.close();
  return read;
}

async function send(topic: string, messages: readonly Message[]): Promise<void> {
  const kafka = new Kafka({ brokers: [...broker.connection.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [...messages] });
  await producer.disconnect();
}
