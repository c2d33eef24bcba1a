import { join } from 'node:path';
import type { NewLogEntry } from '@heed/events';
import { postgresEventLog } from '@heed/event-log-postgres';
import { tenantId } from '@heed/kernel';
import { openEmbeddedPostgres } from '@heed/postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const tenant = tenantId('default');

let disk: SmallDisk | undefined;

beforeAll(async () => {
  disk = await mountSmallDisk(400);
});

afterAll(async () => {
  await disk?.remove();
});

it('says that the disk is full, loses nothing, and goes on when there is room again', async (test) => {
  if (disk === undefined) return test.skip('needs a small disk of its own, and only root may mount one');
  const postgres = await openEmbeddedPostgres({ dataDir: join(disk.folder, 'data') });
  const log = postgresEventLog(postgres);
  await disk.leave(20 * 1024 * 1024);

  const acknowledged: string[] = [];
  const append = async (number: number): Promise<void> => {
    const batch = Array.from({ length: 500 }, (_, index) => entry(`${number}-${index}`));
    await log.append(batch);
    acknowledged.push(...batch.map(({ key }) => key));
  };
  const fill = async (): Promise<never> => {
    for (let number = 0; ; number++) await append(number);
  };
  await expect(fill()).rejects.toMatchObject({ code: 'log-full' });
  expect(acknowledged.length).toBeGreaterThan(0);

  await disk.leave(100 * 1024 * 1024);
  await vi.waitFor(() => append(-1), { timeout: 60_000, interval: 100 });
  const kept = new Set<string>();
  for await (const batch of log.replay({ maxBatch: 1_000 })) batch.forEach(({ key }) => kept.add(key));
  expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
  await log.close();
  await postgres.close();
});

function entry(key: string): NewLogEntry {
  return {
    tenant,
    key,
    session: 's',
    body: JSON.stringify({ key, text: 'x'.repeat(2_000) }),
    receivedAtMs: 1,
  };
}
