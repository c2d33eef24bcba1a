import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmbeddedPostgres, openPostgres, type EmbeddedPostgres } from './index.ts';
import { birthOf, isAlive } from './running-process.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dataDir: string;
const inFolder = (...path: string[]): string => join(dataDir, ...path);

async function opened<T>(
  work: (postgres: EmbeddedPostgres) => Promise<T>,
  messages: string[] = [],
): Promise<T> {
  const onProgress = (message: string): void => void messages.push(message);
  const postgres = await openEmbeddedPostgres({ dataDir, onProgress });
  return work(postgres).finally(() => postgres.close());
}

async function changed(path: string, text: string, work: () => Promise<void>): Promise<void> {
  const before = await readFile(path).catch(() => undefined);
  await writeFile(path, text);
  await work().finally(() => (before === undefined ? rm(path) : writeFile(path, before)));
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-postgres-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

// One folder all the way: every test finds it as the one before left it.
describe('the embedded PostgreSQL', () => {
  it('makes a database in an empty folder and says which migrations it applied', async () => {
    await mkdir(inFolder('postgres.unfinished'));
    await writeFile(inFolder('postgres.unfinished', 'PG_VERSION'), 'left by a start that was killed');
    const { applied, total } = await opened(({ migrations }) => Promise.resolve(migrations));
    expect(applied.slice(0, 2)).toEqual(['0001_event_log', '0002_event_store']);
    expect(applied).toHaveLength(total);
  });

  it('keeps its password to the user who runs Heed', async () => {
    expect((await stat(inFolder('postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('lets nobody else list its folder or read whose it is, and itself pass', async () => {
    const made = join(dataDir, 'made');
    const postgres = await openEmbeddedPostgres({ dataDir: made });
    const modes = await Promise.all([made, join(made, 'postgres.owner.json')].map((path) => stat(path)));
    await postgres.close();
    await rm(made, { recursive: true });
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o711, 0o600]);
  });

  it('works as an ordinary role, which may not read files of the server or start programs', async () => {
    await opened(async ({ pool, dataSource }) => {
      const may =
        'SELECT rolsuper OR rolcreaterole OR rolcreatedb AS may FROM pg_roles WHERE rolname = current_user';
      expect((await pool.query(may)).rows).toEqual([{ may: false }]);
      expect(await dataSource.query(may)).toEqual([{ may: false }]);
      await expect(pool.query("COPY event_log_group FROM PROGRAM 'true'")).rejects.toThrow(
        /permission denied/,
      );
    });
  });

  it('takes over the tables of a database whose superuser owned them', async () => {
    await opened(async ({ url }) => {
      const asSuperuser = new pg.Client({ connectionString: url.replace('heed_app', 'heed') });
      await asSuperuser.connect();
      await asSuperuser.query(`ALTER TABLE event_log OWNER TO heed; ALTER TABLE event_log_group OWNER TO heed;
        ALTER FUNCTION refuse_change OWNER TO heed; ALTER DATABASE postgres OWNER TO heed;
        ALTER ROLE heed_app PASSWORD 'another'`);
      await asSuperuser.end();
    });
    await opened(async ({ pool }) => {
      const owned = await pool.query(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'heed_app'`,
      );
      expect(owned.rows).toEqual([]);
      await pool.query('CREATE TABLE of_a_later_migration (); DROP TABLE of_a_later_migration');
    });
  });

  it('writes to the disk what it acknowledges', async () => {
    const settings = await opened(({ pool }) =>
      pool.query(
        "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')",
      ),
    );
    expect(settings.rows.map(({ setting }: { setting: string }) => setting)).toEqual(['on', 'on', 'on']);
  });

  it('opens again with what was written, and applies nothing twice', async () => {
    await opened(({ pool }) => pool.query("INSERT INTO event_log_group VALUES ('kept', 7)"));
    await opened(async ({ pool, migrations }) => {
      expect(migrations.applied).toEqual([]);
      expect((await pool.query('SELECT * FROM event_log_group')).rows).toEqual([
        { name: 'kept', position: 7 },
      ]);
    });
  });

  it('is open to a second connection by its address, with the same migrations', async () => {
    await opened(async ({ url }) => {
      const second = await openPostgres({ url });
      expect(second.migrations.applied).toEqual([]);
      await second.close();
    });
  });

  it('says which server cannot be used, and not with which password', async () => {
    const opening = openPostgres({ url: 'postgres://heed:secret@127.0.0.1:1/heed' });
    await expect(opening).rejects.toMatchObject({
      code: 'postgres-unreachable',
      message: expect.stringMatching(/^The PostgreSQL server 127.0.0.1:1\/heed cannot be used/u) as unknown,
    });
    await expect(opening).rejects.not.toMatchObject({
      message: expect.stringContaining('secret') as unknown,
    });
  });

  it('refuses a folder that this process has open', async () => {
    await opened(() =>
      expect(openEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'data-folder-in-use' }),
    );
  });

  it('refuses a folder that another live process has open, and names it', async () => {
    const owner = JSON.stringify({ pid: process.ppid, birth: await birthOf(process.ppid) });
    await changed(inFolder('postgres.owner.json'), owner, () =>
      expect(openEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
        code: 'data-folder-in-use',
        message: expect.stringContaining(String(process.ppid)) as unknown,
      }),
    );
  });

  it('takes over after a Heed that was killed, and stops the server it left running', async () => {
    const serverPid = await openInProcessAndKill(dataDir);
    expect(isAlive(serverPid)).toBe(true);
    const messages: string[] = [];
    await opened(async ({ pool }) => {
      expect((await pool.query('SELECT name FROM event_log_group ORDER BY name')).rows).toEqual([
        { name: 'kept' },
        { name: 'written before the kill' },
      ]);
    }, messages);
    expect(messages.join()).toContain('left over');
    expect(isAlive(serverPid)).toBe(false);
  });

  it('is not put off by a postmaster.pid whose number belongs to another process by now', async () => {
    await writeFile(inFolder('postgres', 'postmaster.pid'), `${process.ppid}\n${inFolder('postgres')}\n`);
    await opened(({ pool }) => pool.query('SELECT 1'));
  });

  it('starts the server again when it dies, on the same address', async () => {
    await opened(async ({ pool, serverPid }) => {
      const before = serverPid();
      process.kill(before, 'SIGKILL');
      await vi.waitFor(() => pool.query('SELECT 1'), { timeout: 30_000, interval: 50 });
      expect(serverPid()).not.toBe(before);
    });
  });

  it('sets a new password when the file with it was lost', async () => {
    await rm(inFolder('postgres.password'));
    await opened(({ pool }) => pool.query('SELECT 1'));
  });

  it.each([
    ['99', 'data-folder-newer'],
    ['9', 'data-folder-older'],
  ])('refuses a folder of PostgreSQL %s as %s', async (version, code) => {
    await changed(inFolder('postgres', 'PG_VERSION'), version, () =>
      expect(openEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code }),
    );
  });

  it('refuses half a database and leaves what is there alone', async () => {
    const half = await mkdtemp(join(tmpdir(), 'heed-half-'));
    await mkdir(join(half, 'postgres'));
    await writeFile(join(half, 'postgres', 'precious'), 'data');
    await expect(openEmbeddedPostgres({ dataDir: half })).rejects.toMatchObject({
      code: 'data-folder-half-written',
    });
    expect(await readFile(join(half, 'postgres', 'precious'), 'utf8')).toBe('data');
    await rm(half, { recursive: true });
  });

  it('refuses a file where a folder should be', async () => {
    await expect(openEmbeddedPostgres({ dataDir: inFolder('postgres.password') })).rejects.toMatchObject({
      code: 'data-folder-not-a-folder',
    });
  });

  it('says what the server says when it does not start', async () => {
    await changed(inFolder('postgres', 'postgresql.conf'), 'no_such_setting = 1\n', () =>
      expect(openEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
        code: 'postgres-not-started',
        message: expect.stringContaining('no_such_setting') as unknown,
      }),
    );
  });

  it.skipIf(process.getuid?.() !== 0)(
    'refuses root a folder inside one that is closed to others, unless the server may pass it',
    async () => {
      const closed = await mkdtemp(join(tmpdir(), 'heed-closed-'));
      const options = { dataDir: join(closed, 'data') };
      await expect(openEmbeddedPostgres(options)).rejects.toMatchObject({
        code: 'data-folder-unreachable',
        remedy: expect.stringContaining(`chmod o+x ${closed}`) as unknown,
      });
      const postgres = await openEmbeddedPostgres({ ...options, passClosedFolders: true });
      await postgres.pool.query('SELECT 1');
      await postgres.close();
      await rm(closed, { recursive: true });
    },
  );
});

/** A Heed that dies with `kill -9` after it wrote something; gives the process id of the server that survives it. */
async function openInProcessAndKill(folder: string): Promise<number> {
  const heed = spawn(process.execPath, ['--input-type=module', '-e', killedHeed], {
    cwd: import.meta.dirname,
    env: { ...process.env, FOLDER: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  heed.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(heed, 'close');
  expect(heed.signalCode).toBe('SIGKILL');
  return Number(said);
}

const killedHeed = `
  import { openEmbeddedPostgres } from '@heed/postgres';
  const postgres = await openEmbeddedPostgres({ dataDir: process.env.FOLDER });
  await postgres.pool.query("INSERT INTO event_log_group VALUES ('written before the kill', 1)");
  process.stdout.write(String(postgres.serverPid()), () => process.kill(process.pid, 'SIGKILL'));
`;
