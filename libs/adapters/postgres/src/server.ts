import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import type { Launch } from './launch.ts';
import type { PostgresProgram } from './postgres-program.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import type { ServerFiles } from './server-files.ts';
import { serverSettings } from './server-settings.ts';

/** One life of the server process. */
export interface ServerProcess {
  readonly port: number;
  readonly child: ChildProcess;
}

const startTimeoutMs = 60_000;
const attempts = 20;

/** What PostgreSQL says when a start is worth another try: a port lost to somebody else, and the last breath of its forerunner. */
const portTaken = /could not bind|could not create any TCP\/IP sockets/;
const forerunnerStillThere = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;

/**
 * Starts the server on `port`, or on a free one, and resolves when it takes connections. Throws Fault `postgres-not-started` with
 * the server's own last words, or `log-full`.
 */
export async function startServer(
  files: ServerFiles,
  program: PostgresProgram,
  launch: Launch,
  port?: number,
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const server = { port: port ?? (await freePort()), child: undefined };
    const child = spawnServer(files, program, launch, server.port);
    if (await becomesReady(child, files)) return { port: server.port, child };
    const said = (await readFile(files.log, 'utf8').catch(() => '')).slice(-2000).trim();
    const again = portTaken.test(said) || forerunnerStillThere.test(said);
    if (!again || attempt === attempts) throw notStarted(files, said);
    await sleep(forerunnerStillThere.test(said) ? 250 : 20);
  }
}

/** Fast shutdown: open transactions are rolled back, everything committed is written out. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.ref();
  child.kill('SIGINT');
  await exit;
}

function spawnServer(
  files: ServerFiles,
  program: PostgresProgram,
  launch: Launch,
  port: number,
): ChildProcess {
  const settings = Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const words = [...launch.prefix, program.postgres, '-D', files.cluster, '-p', String(port), ...settings];
  const [command = program.postgres, ...rest] = words;
  // A file, not a pipe: the server outlives a Heed that is killed, and must not choke on its log then.
  // A new one each time: an old one may be another user's.
  rmSync(files.log, { force: true });
  const log = openSync(files.log, 'w', 0o600);
  try {
    return spawn(command, rest, {
      ...launch.user,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      // Its own process group: Ctrl-C is for Heed, which stops the server when its own work is finished.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function becomesReady(child: ChildProcess, files: ServerFiles): Promise<boolean> {
  let failure: unknown;
  child.once('error', (cause) => (failure = cause));
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) return false;
    const file = await readPostmasterFile(files.cluster);
    if (file?.ready === true && file.pid === child.pid) return true;
    await sleep(5);
  }
  await stopServer(child);
  return false;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function notStarted(files: ServerFiles, said: string): Fault {
  if (said.includes('No space left on device')) {
    return new Fault(
      'log-full',
      'The disk is full: the database could not start.',
      'Free some space (500 MB at least) and start again; nothing that was accepted is lost.',
    );
  }
  return new Fault(
    'postgres-not-started',
    `The database in ${files.cluster} did not start. It says: ${said === '' ? '(nothing)' : said}`,
    `Put right what it complains about and start again; the whole text is in ${files.log}.`,
  );
}
