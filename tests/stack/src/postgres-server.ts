import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@heed/kernel';
import { Client } from 'pg';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { pauseProcess } from './pause-process.ts';
import { findPostgresPrograms } from './required-tools.ts';
import { startServer, type ServerProcess } from './server-process.ts';

const run = promisify(execFile);

/** Debian's package brings this system user along. */
const systemUser = 'postgres';

const accessData = z.object({ port: z.number(), password: z.string() });
type Access = z.infer<typeof accessData>;

interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface PostgresServer extends ServerProcess {
  /** Of the database `heed`, as the role `heed` that owns it and nothing else. The same when the server is started again on its folder. */
  readonly databaseUrl: string;
}

/**
 * Debian's PostgreSQL, listening on 127.0.0.1. `folder` is made when it is not there; a server started again on it, after an end of any kind,
 * has its data and its port. `end('SIGINT')` is PostgreSQL's fast way to stop.
 *
 * @example const server = await startPostgresServer(folder); ... await server.end('SIGINT');
 */
export async function startPostgresServer(folder: string): Promise<PostgresServer> {
  const programs = await findPostgresPrograms();
  const runAs = await whomToRunAs();
  await mkdir(folder, { recursive: true });
  // The server runs as another user, who has to get through to the data; only that user may look into them.
  if (runAs.uid !== undefined) await chmod(folder, 0o711);
  const { port, password } = await accessOf(folder);
  const data = join(folder, 'data');
  const isNew = await isMissing(join(data, 'PG_VERSION'));
  if (isNew) await makeCluster(programs, data, password, runAs);
  const server = await startServer({
    name: 'The PostgreSQL server',
    file: join(programs, 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    readyLine: 'database system is ready to accept connections',
    cwd: data,
    ...runAs,
  });
  await makeDatabase(port, password);
  // Each connection has a process of its own, which would go on answering.
  const children = (): readonly number[] => {
    const pids = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8');
    return pids
      .split(' ')
      .filter((pid) => pid !== '')
      .map(Number);
  };
  return {
    ...server,
    pause: async () => {
      // First the one that begins new ones.
      await pauseProcess(server.pid);
      await Promise.all(children().map(pauseProcess));
    },
    resume: () => [server.pid, ...children()].forEach((pid) => process.kill(pid, 'SIGCONT')),
    databaseUrl: `postgres://heed:${password}@127.0.0.1:${port}/heed`,
  };
}

/** PostgreSQL refuses to run as root. */
async function whomToRunAs(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, systemUser])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch (cause) {
    throw new Fault(
      'postgresql-user-missing',
      `PostgreSQL does not run as root, and there is no system user ${systemUser}.`,
      `Run this as another user, or make one: useradd --system ${systemUser}`,
      { cause },
    );
  }
}

async function accessOf(folder: string): Promise<Access> {
  const file = join(folder, 'access.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return accessData.parse(JSON.parse(kept));
  const chosen = { port: await freePort(), password: randomBytes(12).toString('hex') };
  await writeFile(file, JSON.stringify(chosen), { mode: 0o600 });
  return chosen;
}

async function makeCluster(programs: string, data: string, password: string, runAs: RunAs): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = runAs;
  if (uid !== undefined && gid !== undefined) {
    await Promise.all([data, passwordFile].map((path) => chown(path, uid, gid)));
  }
  const options = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--username=postgres'];
  await run(join(programs, 'initdb'), ['-D', data, `--pwfile=${passwordFile}`, ...options], {
    ...runAs,
    cwd: data,
  });
  await rm(passwordFile);
}

/** As an operator would hand it over: a database, and a role that owns it and is no superuser. */
async function makeDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = 'heed'");
    if (rowCount !== 0) return;
    await client.query('DROP ROLE IF EXISTS heed');
    await client.query(`CREATE ROLE heed LOGIN PASSWORD '${password}'`);
    await client.query('CREATE DATABASE heed OWNER heed');
  } finally {
    await client.end();
  }
}

async function isMissing(path: string): Promise<boolean> {
  return access(path).then(
    () => false,
    () => true,
  );
}
