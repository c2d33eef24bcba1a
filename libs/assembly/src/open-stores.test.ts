import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tenantId } from '@heed/kernel';
import { PROJECTOR_GROUP } from '@heed/platform';
import { openEmbeddedPostgres } from '@heed/postgres';
import { isEmptyWarehouse } from '@heed/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStores, type Stores } from './open-stores.ts';

describe('openStores', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'heed-stores-'));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('puts a warehouse aside that has lost a table, and has the log read again from its beginning', async () => {
    const said: string[] = [];
    const say = (sentence: string): void => void said.push(sentence);
    const before = await openStores({ dataDir }, say);
    await readOneEvent(before);
    await before.close();
    for (const path of descriptionsOf(dataDir, 'sessions')) rmSync(path, { force: true });

    const after = await openStores({ dataDir }, say);
    try {
      expect(said.join('\n')).toMatch(/put aside in .*warehouse-broken-1/u);
      expect(await after.log.lag(PROJECTOR_GROUP)).toEqual({
        entries: 1,
        partitions: [{ committed: 0, head: 1 }],
      });
      expect(await isEmptyWarehouse(after.warehouse)).toBe(false);
    } finally {
      await after.close();
    }
  }, 60_000);

  it('keeps log and decisions in the PostgreSQL server that the settings name, and nothing of them in the folder', async () => {
    const server = await openEmbeddedPostgres({
      dataDir: join(dataDir, 'server'),
      passClosedFolders: true,
    });
    const folder = join(dataDir, 'heed');
    try {
      const stores = await openStores({ dataDir: folder, databaseUrl: server.url }, () => undefined);
      await readOneEvent(stores);
      await stores.close();
      expect(readdirSync(folder)).toContain('warehouse');
      expect(readdirSync(folder)).not.toContain('postgres');
      const { rows } = await server.pool.query('SELECT key FROM event_log');
      expect(rows).toEqual([{ key: 'k' }]);
    } finally {
      await server.close();
    }
  }, 60_000);
});

async function readOneEvent({ log }: Stores): Promise<void> {
  await log.append([{ tenant: tenantId('t'), key: 'k', session: 's', body: '{}', receivedAtMs: 1 }]);
  const read = Promise.withResolvers<undefined>();
  const consumption = log.consume(PROJECTOR_GROUP, { maxBatch: 10 }, () => {
    read.resolve(undefined);
    return Promise.resolve();
  });
  await read.promise;
  await consumption.stop();
}

function descriptionsOf(dataDir: string, table: string): readonly string[] {
  return readdirSync(join(dataDir, 'warehouse'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === `${table}.sql`)
    .map((entry) => join(entry.parentPath, entry.name));
}
