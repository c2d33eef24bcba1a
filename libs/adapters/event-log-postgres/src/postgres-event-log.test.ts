import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { eventLogContract } from '@heed/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ImportProgressStore } from './import-progress-store.ts';
import { postgresEventLog } from './postgres-event-log.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let postgres: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-event-log-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});

afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

eventLogContract('PostgreSQL', async () => {
  await postgres.pool.query(
    'TRUNCATE event_log, event_log_count, event_log_group; UPDATE event_log_head SET position = 0, gaps_up_to = 0',
  );
  return postgresEventLog(postgres);
});

describe('two logs on one database, as two processes would have them', () => {
  it('do not interleave: a reader of one sees what both append, in growing positions, without a gap', async () => {
    const logs = [postgresEventLog(postgres), postgresEventLog(postgres)];
    const before = await logs[0]?.lag('two');
    const batch = (log: number, from: number) =>
      Array.from({ length: 10 }, (_, index) => ({
        tenant: tenantId('two'),
        key: `${log}-${from + index}`,
        session: 's',
        body: '{}',
        receivedAtMs: 1,
      }));
    const positions: number[] = [];
    const all = Promise.withResolvers<undefined>();
    const reader = logs[0]?.consume('two', { maxBatch: 7 }, (entries) => {
      positions.push(...entries.filter(({ tenant }) => tenant === 'two').map(({ position }) => position));
      if (positions.length === 400) all.resolve(undefined);
      return Promise.resolve();
    });
    await Promise.all(
      logs.flatMap((log, which) =>
        Array.from({ length: 20 }, (_, turn) => log.append(batch(which, 10 * turn))),
      ),
    );
    await all.promise;
    await reader?.stop();
    const head = before?.head ?? 0;
    expect(positions).toEqual(Array.from({ length: 400 }, (_, index) => head + index + 1));
    await Promise.all(logs.map((log) => log.close()));
  });
});

describe('a batch too large for one statement', () => {
  it('is appended whole, its positions in one row, and known when it comes again', async () => {
    const log = postgresEventLog(postgres);
    const batch = Array.from({ length: 36 }, (_, index) => ({
      tenant: tenantId('large'),
      key: String(index),
      session: 's',
      body: JSON.stringify(String(index).padEnd(1024 * 1024, 'x')),
      receivedAtMs: 1,
    }));
    const { head } = await log.lag('large');
    expect(await log.append(batch)).toEqual(batch.map(() => 'appended'));
    const { rows } = await postgres.pool.query(
      "SELECT position, key FROM event_log WHERE tenant = 'large' ORDER BY position",
    );
    expect(rows).toEqual(batch.map(({ key }, index) => ({ key, position: head + 1 + index })));
    expect((await log.lag('large')).head).toBe(head + batch.length);
    expect(await log.append(batch)).toEqual(batch.map(() => 'duplicate'));
    await log.close();
  });
});

describe('import progress', () => {
  it('is 0 for a file never seen, and what was last set after that, by tenant and file', async () => {
    const progress = new ImportProgressStore(postgres);
    const [a, b] = [tenantId('a'), tenantId('b')];
    expect(await progress.get(a, 'f')).toBe(0);
    await progress.set(a, 'f', 1_000);
    await progress.set(a, 'f', 2_000);
    expect(await progress.get(a, 'f')).toBe(2_000);
    expect(await progress.get(b, 'f')).toBe(0);
    expect(await progress.get(a, 'g')).toBe(0);
  });
});
