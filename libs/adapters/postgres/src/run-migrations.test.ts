import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from './connect.ts';
import { openEmbeddedPostgres, type EmbeddedPostgres, type MigrationReport } from './index.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe('migrations', () => {
  let postgres: EmbeddedPostgres;
  let dataDir: string;
  let folder: string;
  let url: string;
  let databases = 0;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'heed-migrations-'));
    postgres = await openEmbeddedPostgres({ dataDir });
  });
  afterAll(async () => {
    await postgres.close();
    await rm(dataDir, { recursive: true });
  });
  beforeEach(async () => {
    const name = `try_${++databases}`;
    await asSuperuser(`CREATE DATABASE ${name} OWNER heed_app`);
    url = postgres.url.replace(/postgres$/, name);
    folder = await mkdtemp(join(dataDir, 'files-'));
    await file('0001_one', 'CREATE TABLE one (a int); CREATE TABLE two (a int);');
  });

  const asSuperuser = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: postgres.url.replace('heed_app', 'heed') });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const file = (name: string, sql: string): Promise<void> => writeFile(join(folder, `${name}.sql`), sql);
  const query = async (sql: string): Promise<unknown> => {
    const open = await connect({ url, migrationsFolder: folder });
    const rows: unknown = await open.dataSource.query(sql);
    await open.close();
    return rows;
  };
  const migrate = async (): Promise<MigrationReport> => {
    const open = await connect({ url, migrationsFolder: folder });
    await open.close();
    return open.migrations;
  };

  it('are applied once each, in the order of their numbers', async () => {
    await file('0002_two', 'INSERT INTO one VALUES (2)');
    expect(await migrate()).toEqual({ applied: ['0001_one', '0002_two'], total: 2 });
    await file('0003_three', 'INSERT INTO one VALUES (3)');
    expect(await migrate()).toEqual({ applied: ['0003_three'], total: 3 });
    expect(await migrate()).toEqual({ applied: [], total: 3 });
    expect(await query('SELECT a FROM one ORDER BY a')).toEqual([{ a: 2 }, { a: 3 }]);
  });

  it('are applied once when two programs start at the same time', async () => {
    const reports = await Promise.all([migrate(), migrate(), migrate()]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001_one']);
  });

  it('leave nothing of a file that fails, and are tried again at the next start', async () => {
    await file('0002_two', 'INSERT INTO one VALUES (2); SELECT 1 / 0;');
    await expect(migrate()).rejects.toThrow('division by zero');
    await file('0002_two', 'INSERT INTO one VALUES (4)');
    expect(await migrate()).toEqual({ applied: ['0002_two'], total: 2 });
    expect(await query('SELECT a FROM one')).toEqual([{ a: 4 }]);
  });

  it('refuse a file that was edited after it was applied, and name it', async () => {
    await migrate();
    await file('0001_one', 'CREATE TABLE one (a bigint);');
    await expect(migrate()).rejects.toMatchObject({
      code: 'migration-edited',
      message: expect.stringContaining('0001_one') as unknown,
    });
  });

  it('refuse a database that a newer program has changed', async () => {
    await file('0002_two', 'CREATE TABLE three (a int)');
    await migrate();
    await rm(join(folder, '0002_two.sql'));
    await expect(migrate()).rejects.toMatchObject({ code: 'data-folder-newer' });
  });

  it('refuse numbers with a gap', async () => {
    await file('0003_three', 'SELECT 1');
    await expect(migrate()).rejects.toThrow('0003_three.sql');
  });
});
