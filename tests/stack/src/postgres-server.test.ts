import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgresServer } from './postgres-server.ts';
import { stackFolder } from './stack-folder.ts';

let folder: string;

beforeAll(async () => {
  folder = await stackFolder();
});

afterAll(() => rm(folder, { recursive: true }));

it('starts, and starts again where it was killed, with its data and under the same URL', async () => {
  const first = await startPostgresServer(folder);
  await ask(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.end('SIGKILL');
  const second = await startPostgresServer(folder);
  expect(second.databaseUrl).toBe(first.databaseUrl);
  expect(await ask(second.databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  const role = 'SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user';
  expect(await ask(second.databaseUrl, role)).toEqual([{ rolname: 'heed', rolsuper: false }]);
  await second.end('SIGINT');
});

async function ask(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}
