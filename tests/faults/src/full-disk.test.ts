import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NewLogEntry } from '@heed/events';
import { postgresEventLog } from '@heed/event-log-postgres';
import { tenantId } from '@heed/kernel';
import { openEmbeddedPostgres } from '@heed/postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const run = promisify(execFile);
const tenant = tenantId('default');

let disk: string;
let mounted = false;

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'heed-full-disk-'));
  mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=0755', 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
});

afterAll(async () => {
  if (mounted) await run('umount', [disk]);
  await rm(disk, { recursive: true });
});

it('says that the disk is full, loses nothing, and goes on when there is room again', async (test) => {
  test.skip(!mounted, 'needs a small disk of its own, and only root may mount one');
  const postgres = await openEmbeddedPostgres({ dataDir: join(disk, 'data') });
  const log = postgresEventLog(postgres);
  const { bavail, bsize } = await statfs(disk);
  const filler = join(disk, 'filler');
  await writeFile(filler, Buffer.alloc(bavail * bsize - 20 * 1024 * 1024));

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

  await rm(filler);
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
