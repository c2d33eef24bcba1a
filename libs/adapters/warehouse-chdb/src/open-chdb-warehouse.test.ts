import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRows, migrateWarehouse, type Warehouse } from '@heed/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findObstacle } from './find-obstacle.ts';
import { isRebuildable, openChdbWarehouse, setAsideWarehouse } from './open-chdb-warehouse.ts';

const value = z.object({ x: z.string() });
const THINGS = {
  name: '0001_things.sql',
  sql: 'CREATE TABLE IF NOT EXISTS things (x String) ENGINE = MergeTree ORDER BY x',
};

describe('openChdbWarehouse', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'heed-open-'));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('finds what was written before it was closed', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      await migrateWarehouse(warehouse, [THINGS]);
      await warehouse.insert('things', ['x'], encodeRows([['kept']]));
    });
    await withWarehouse(dataDir, async (warehouse) => {
      expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([{ x: 'kept' }]);
    });
  });

  it('refuses a second owner', async () => {
    await withWarehouse(dataDir, async () => {
      await expect(openChdbWarehouse(dataDir)).rejects.toMatchObject({ code: 'data-folder-in-use' });
    });
  });

  it('refuses a folder that a newer engine wrote', async () => {
    await withWarehouse(dataDir, () => Promise.resolve());
    writeFileSync(join(dataDir, 'warehouse', 'engine.json'), '{"clickhouse":"99.1.1.1"}');
    await expect(openChdbWarehouse(dataDir)).rejects.toMatchObject({ code: 'data-folder-newer' });
  });

  it('tells a damaged warehouse from others: set aside, it opens empty', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      await migrateWarehouse(warehouse, [THINGS]);
      await warehouse.insert('things', ['x'], encodeRows([['lost']]));
    });
    for (const path of filesNamed(dataDir, /data\.(?:bin|cmrk\d*)$|columns\.txt$/u)) writeFileSync(path, 'x');
    const thrown: unknown = await openChdbWarehouse(dataDir).catch((fault: unknown) => fault);
    expect(thrown).toMatchObject({
      code: 'warehouse-broken',
      remedy: expect.stringContaining('Start Heed again') as string,
    });
    expect(isRebuildable(thrown)).toBe(true);
    setAsideWarehouse(dataDir);
    await withWarehouse(dataDir, async (warehouse) => {
      expect(await migrateWarehouse(warehouse, [THINGS])).toEqual([THINGS.name]);
      expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([]);
    });
  });

  it('takes a table whose description is garbage for damage', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      await migrateWarehouse(warehouse, [THINGS]);
    });
    for (const path of filesNamed(dataDir, /^things\.sql$/u)) writeFileSync(path, 'garbage');
    await expect(openChdbWarehouse(dataDir)).rejects.toSatisfy(isRebuildable);
  });

  it('takes neither a sound folder nor a missing one for damage', async () => {
    await withWarehouse(dataDir, () => Promise.resolve());
    expect(findObstacle(join(dataDir, 'warehouse'))).toBeUndefined();
    expect(findObstacle(join(dataDir, 'elsewhere'))).toMatchObject({
      what: expect.stringContaining('open') as string,
    });
  });

  it('lets nobody else look into its folder, also one that was there', async () => {
    await withWarehouse(dataDir, () => Promise.resolve());
    const folder = join(dataDir, 'warehouse');
    chmodSync(folder, 0o755);
    await withWarehouse(dataDir, () => Promise.resolve());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('gives values to statements that run side by side, each its own', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      const asked = Array.from({ length: 20 }, (_, i) => `it's "${i}" \\ \n\t\u0000😀`);
      const answers = await Promise.all(
        asked.map((x) => warehouse.query(value, 'SELECT {x:String} AS x', { x })),
      );
      expect(answers.flat().map(({ x }) => x)).toEqual(asked);
    });
  });

  it('says of a refused statement what failed, and nothing of what it held', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      const refused = await warehouse
        .execute('SELECT {x:String} FROM nowhere', { x: 'secret' })
        .catch((fault: unknown) => fault);
      expect(refused).toMatchObject({
        code: 'warehouse-failed',
        message: expect.stringContaining('UNKNOWN_TABLE') as string,
      });
      expect(refused).not.toMatchObject({ message: expect.stringContaining('secret') as string });
    });
  });

  it('keeps databases of the same engine apart', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      await migrateWarehouse(warehouse, [THINGS]);
      const other = await warehouse.inDatabase('other');
      await migrateWarehouse(other, [THINGS]);
      await other.insert('things', ['x'], encodeRows([['there']]));
      expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([]);
      expect(await other.query(value, 'SELECT x FROM things')).toEqual([{ x: 'there' }]);
      await other.close();
    });
  });

  it('applies each migration once, and refuses one that changed or that it does not know', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      expect(await migrateWarehouse(warehouse, [THINGS])).toEqual([THINGS.name]);
      expect(await migrateWarehouse(warehouse, [THINGS])).toEqual([]);
      await expect(migrateWarehouse(warehouse, [{ ...THINGS, sql: 'SELECT 1' }])).rejects.toMatchObject({
        code: 'migration-changed',
      });
      await expect(migrateWarehouse(warehouse, [])).rejects.toMatchObject({ code: 'data-folder-newer' });
    });
  });

  it('tells a half-written warehouse: a table that was made and is not there', async () => {
    await withWarehouse(dataDir, async (warehouse) => {
      await migrateWarehouse(warehouse, [THINGS]);
      await warehouse.execute('DROP TABLE things SYNC');
      await expect(migrateWarehouse(warehouse, [THINGS])).rejects.toSatisfy(isRebuildable);
    });
  });

  it('answers who asks for it while every connection waits for its statement', async () => {
    const pipes = [1, 2, 3].map((n) => join(dataDir, `pipe-${n}`));
    execFileSync('sh', ['-c', 'mkfifo "$@"', 'sh', ...pipes]);
    await withWarehouse(dataDir, async (warehouse) => {
      let ended = 0;
      const reading = pipes.map(async (pipe) => {
        const rows = await warehouse.query(value, "SELECT x FROM file({pipe:String}, 'CSV', 'x String')", {
          pipe,
        });
        ended += 1;
        return rows;
      });
      await warehouse.answers();
      expect(ended).toBe(0);
      for (const pipe of pipes) writeFileSync(pipe, 'read\n');
      expect(await Promise.all(reading)).toEqual(pipes.map(() => [{ x: 'read' }]));
    });
  });

  it('waits on close for what runs, and refuses what comes after', async () => {
    const warehouse = await openChdbWarehouse(dataDir);
    const running = warehouse.query(value, 'SELECT toString(sleep(0.2)) AS x');
    await warehouse.close();
    expect(await running).toHaveLength(1);
    await expect(warehouse.execute('SELECT 1')).rejects.toMatchObject({ code: 'warehouse-closed' });
  });
});

async function withWarehouse(dataDir: string, work: (warehouse: Warehouse) => Promise<void>): Promise<void> {
  const warehouse = await openChdbWarehouse(dataDir);
  try {
    await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

function filesNamed(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).length > 0);
}
