import { doctorReport, mineReport, replayReport, statusReport, type StatusReport } from '@heed/contract';
import { createKafkaTopics, topicNames } from '@heed/event-log-kafka';
import { cloudEventOf } from '@heed/events';
import { heed, heedJson, startService, type Service } from '@heed/test-e2e';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OwnBroker } from './own-broker.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const EXCITE = join(process.env['HEED_SHARED'] ?? join(REPOSITORY, '../shared'), 'data', 'excite_small');
const isMissing = !existsSync(EXCITE) && process.env['CI'] !== 'true';
const broker = new OwnBroker();
const imported = z.object({ read: z.number(), accepted: z.number() });

describe('a standalone Heed whose log is on Kafka', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-on-kafka-'));
  const onKafka = ['--data', join(folder, 'kafka')];
  const embedded = ['--data', join(folder, 'embedded')];
  const prefix = 'whole';
  let service: Service;

  beforeAll(async () => {
    // Made by somebody else, with fewer partitions than the settings say.
    await createKafkaTopics(broker.connection, { prefix, partitions: 5 });
    service = await startService(join(folder, 'kafka'), [], {
      HEED_KAFKA_BROKERS: broker.connection.brokers.join(),
      HEED_KAFKA_PREFIX: prefix,
    });
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says at its start and in doctor where the topics are not as the settings say', async () => {
    const difference = `Kafka topic ${prefix}.events: partitions is 5, not 12.`;
    expect(service.printed()).toContain(difference);
    const { problems } = await heedJson(doctorReport, ['doctor', ...onKafka]);
    const [found] = problems.filter(({ what }) => what === difference);
    expect(found?.do).toMatch(/^Change Heed's setting/u);
  });

  it('plays no demo, and says why a tenant cannot be taken out', async () => {
    await expect.poll(() => service.printed()).toContain('The demo is not played');
    expect((await status()).tenants).toEqual([]);
    const { code, stderr } = await heed(['demo', 'remove', ...onKafka]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Kafka keeps what was written');
  });

  it.skipIf(isMissing)('finds in the Excite log what an embedded one finds, byte for byte', async () => {
    const logs = readdirSync(EXCITE)
      .filter((name) => name.endsWith('.log'))
      .map((name) => join(EXCITE, name));
    const [through, beside] = [onKafka, embedded].map((at) => ['--tenant', 'excite', ...at]);
    const gates = ['--unlabelled', 'success', '--gate', 'sessions=2', '--gate', 'users=1'];
    const found: string[] = [];
    for (const at of [through ?? [], beside ?? []]) {
      const counts = await heedJson(imported, ['import', ...logs, '--map', 'excite', ...at]);
      expect(counts).toMatchObject({ read: 4501, accepted: 3968 });
      const { seconds, ...report } = await heedJson(mineReport, ['mine', ...gates, ...at]);
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(report.proposals.length).toBeGreaterThan(0);
      found.push(JSON.stringify(report));
    }
    expect(found[0]).toBe(found[1]);
  });

  it('accounts for everything, also for what applications write again and wrong, and replays it', async () => {
    const event = (n: number): string =>
      JSON.stringify(
        cloudEventOf({
          type: 'heed.turn.v1',
          id: `e-${n}`,
          session: `s-${n % 3}`,
          source: '/app',
          timeMs: Date.UTC(2026, 2, 1) + 60_000 * n,
          data: { turn: `t-${n}`, request: { text: 'play jazz' } },
        }),
      );
    const events = Array.from({ length: 30 }, (_, n) => ({
      key: `shop/s-${n % 3}`,
      value: event(n),
    }));
    const wrong = Array.from({ length: 4 }, (_, n) => ({ key: 'shop/s-0', value: `no json ${n}` }));
    await written([...events, ...wrong]);
    await untilRead();
    // All of it once more: nobody judges between two writers.
    await written([...events, ...wrong, ...events.slice(0, 7)]);
    await untilRead();

    const { tenants } = await status();
    expect(tenants.find(({ tenant }) => tenant === 'shop')).toEqual({
      tenant: 'shop',
      accepted: 34,
      stored: 30,
      waiting: 0,
      deadLettered: 4,
      redriven: 0,
      expired: 0,
      lag: 0,
      balanced: true,
    });
    const { balanced } = await heedJson(doctorReport, ['doctor', ...onKafka]);
    expect(balanced).toBe(true);
    const { events: replayed, tables } = await heedJson(replayReport, ['replay', '--verify', ...onKafka]);
    expect(replayed).toBeGreaterThanOrEqual(75);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    expect(tables.find(({ table }) => table === 'repeats')).toMatchObject({ rows: 34 });
  });

  it('does not begin a second log beside the one that a database has', async () => {
    const before = await startService(join(folder, 'before'));
    const turn = { id: 'e', source: '/app', subject: 's', type: 'heed.turn.v1', specversion: '1.0' };
    const sent = await fetch(`${before.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({
        ...turn,
        time: '2026-03-01T09:00:00Z',
        data: { turn: 't', request: { text: 'x' } },
      }),
    });
    expect(sent.status).toBe(202);
    await before.stop();
    await expect(
      startService(join(folder, 'before'), [], { HEED_KAFKA_BROKERS: broker.connection.brokers.join() }),
    ).rejects.toThrow('The database has a log of its own, with 1 entries');
  });

  async function status(): Promise<StatusReport> {
    return statusReport.parse(await (await fetch(`${service.url}/v1/status`)).json());
  }

  async function untilRead(): Promise<void> {
    const answer = z.object({ ahead: z.number() });
    const wait = `test-${Date.now()}`;
    const ahead = async (): Promise<number> =>
      answer.parse(await (await fetch(`${service.url}/v1/lag?wait=${wait}`)).json()).ahead;
    await expect.poll(ahead, { timeout: 60_000 }).toBe(0);
  }

  async function written(messages: readonly Message[]): Promise<void> {
    const kafka = new Kafka({ brokers: [...broker.connection.brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: topicNames({ prefix }).events, messages: [...messages] });
    await producer.disconnect();
  }
});
