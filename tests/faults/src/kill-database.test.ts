import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@heed/events';
import { postgresEventLog } from '@heed/event-log-postgres';
import { Fault, seededRandom, tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const tenant = tenantId('default');
const batchSize = 50;
const random = seededRandom(11);

let dataDir: string;
let postgres: EmbeddedPostgres;
let log: EventLog;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-kill-database-'));
  postgres = await openEmbeddedPostgres({ dataDir });
  log = postgresEventLog(postgres);
});

afterAll(async () => {
  await log.close();
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

it('loses nothing that was acknowledged, and doubles nothing, when the database is killed again and again', async () => {
  const acknowledged = new Set<string>();
  let batches = 0;
  for (let kill = 0; kill < 4; kill++) {
    const killAfter = batches + 1 + random.below(40);
    for (let down = false; !down; batches++) {
      if (batches === killAfter) process.kill(postgres.serverPid(), 'SIGKILL');
      const keys = Array.from({ length: batchSize }, (_, index) => `${batches}-${index}`);
      down = !(await append(keys, acknowledged));
    }
    await vi.waitFor(() => log.counts(), { timeout: 60_000, interval: 50 });
  }
  const kept: string[] = [];
  for await (const batch of log.replay({ maxBatch: 1_000 })) kept.push(...batch.map(({ key }) => key));
  const known = new Set(kept);
  expect(known.size).toBe(kept.length);
  expect([...acknowledged].filter((key) => !known.has(key))).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(4 * batchSize);
  expect(await log.counts()).toEqual([{ tenant, accepted: kept.length, deadLettered: 0 }]);
});

async function append(keys: readonly string[], acknowledged: Set<string>): Promise<boolean> {
  const entries = keys.map((key) => ({ tenant, key, session: 's', body: '{}', receivedAtMs: 1 }));
  try {
    const outcomes = await log.append(entries);
    expect(outcomes).not.toContain('conflict');
    keys.forEach((key) => acknowledged.add(key));
    return true;
  } catch (cause) {
    expect(cause).toBeInstanceOf(Fault);
    expect(cause).toMatchObject({ code: 'log-unavailable' });
    return false;
  }
}
