import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaEventLog } from '@heed/event-log-kafka';
import type { EventLog, LogEntry, NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { eventLogContract } from '@heed/testing';
import { openBodies, PostgresErasureRegister, PostgresKeyVault, sealedLog } from '@heed/vault';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { OwnBroker } from './own-broker.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const TENANT = tenantId('default');
const NOON = Date.UTC(2026, 2, 1, 12);

const broker = new OwnBroker();
let postgres: EmbeddedPostgres;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-sealed-kafka-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});
afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

eventLogContract(
  'Kafka under seal',
  async () => {
    const vault = new PostgresKeyVault(postgres);
    return sealedLog(kafkaEventLog(await broker.newTopics({ partitions: 3 }), openBodies(vault)), vault);
  },
  { order: 'session', readersOfAGroup: 'many', removesTenants: false },
);

it('seals on Kafka as in the database: repeats are known, and what is forgotten is read by nobody', async () => {
  const settings = await broker.newTopics({ partitions: 3 });
  const vault = new PostgresKeyVault(postgres);
  const beneath = kafkaEventLog(settings);
  const log = sealedLog(kafkaEventLog(settings, openBodies(vault)), vault);
  const [first, other] = [turn('e-1', 'ada', 'my secret', NOON), turn('e-2', 'eve', 'hello', NOON)];
  const rewritten = { ...first, body: JSON.stringify(JSON.parse(first.body), undefined, 2) };
  expect(await log.append([first, rewritten, other])).toEqual(['appended', 'duplicate', 'appended']);
  expect(await log.append([rewritten])).toEqual(['duplicate']);
  expect(await log.append([turn('e-2', 'eve', 'goodbye', NOON)])).toEqual(['conflict']);
  expect((await everything(beneath)).filter(({ body }) => body.includes('secret'))).toEqual([]);
  expect(await bodyOf(log, 'e-1')).toBe(first.body);

  const erasure = { tenant: TENANT, key: 'forget', user: 'ada', receivedAtMs: NOON + 1 };
  await new PostgresErasureRegister(postgres).note([erasure]);
  await vault.refresh();
  expect(await bodyOf(log, 'e-1')).toBe('');
  expect(await bodyOf(log, 'e-2')).toBe(other.body);
  expect(await log.append([{ ...rewritten, receivedAtMs: NOON + 2 }])).toEqual(['duplicate']);
  const again = sealedLog(kafkaEventLog(settings, openBodies(vault)), vault);
  expect(await again.append([{ ...first, receivedAtMs: NOON + 2 }])).toEqual(['duplicate']);
  const back = turn('e-3', 'ada', 'back again', NOON + 2);
  expect(await again.append([back])).toEqual(['appended']);
  expect(await bodyOf(log, 'e-3')).toBe(back.body);
  await Promise.all([beneath.close(), log.close(), again.close()]);
});

function turn(id: string, user: string, text: string, receivedAtMs: number): NewLogEntry {
  const body = JSON.stringify({
    ...{ specversion: '1.0', id, source: '/test', type: 'heed.turn.v1', subject: 's-1' },
    time: '2026-03-01T09:00:00Z',
    data: { turn: id, user, request: { text } },
  });
  return { tenant: TENANT, key: id, session: 's-1', body, receivedAtMs };
}

async function bodyOf(log: EventLog, key: string): Promise<string | undefined> {
  return (await everything(log)).find((entry) => entry.key === key)?.body;
}

async function everything(log: EventLog): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of log.replay({ maxBatch: 100 })) entries.push(...batch);
  return entries;
}
