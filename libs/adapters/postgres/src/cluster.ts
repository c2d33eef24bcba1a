import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@heed/kernel';
import type { Launch } from './launch.ts';
import type { PostgresProgram } from './postgres-program.ts';
import type { ServerFiles } from './server-files.ts';
import type { ServerUser } from './server-user.ts';

export const superuser = 'heed';

const run = promisify(execFile);

/**
 * Whether the folder holds a finished cluster of our major version. Throws Fault `data-folder-newer`, `data-folder-older`
 * or `data-folder-half-written`; never touches what it finds.
 */
export async function hasCluster(files: ServerFiles, majorVersion: number): Promise<boolean> {
  const found = await readdir(files.cluster).catch(absentAsEmpty);
  if (found.length === 0) return false;
  const version = await readFile(join(files.cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  const control = await readFile(join(files.cluster, 'global', 'pg_control')).catch(() => Buffer.alloc(0));
  if (version === '' || control.length === 0) throw halfWritten(files.cluster);
  const major = Number.parseInt(version, 10);
  if (major > majorVersion) {
    throw new Fault(
      'data-folder-newer',
      `${files.cluster} was written by PostgreSQL ${major}; this Heed brings PostgreSQL ${majorVersion}.`,
      'Start it with the newer Heed that wrote it, or choose another data folder.',
    );
  }
  if (major < majorVersion) {
    throw new Fault(
      'data-folder-older',
      `${files.cluster} was written by PostgreSQL ${major}; this Heed brings PostgreSQL ${majorVersion} and cannot read it.`,
      `Start it with the Heed that wrote it, or move the data over with PostgreSQL's pg_upgrade.`,
    );
  }
  return true;
}

/**
 * Makes a new cluster: beside its place first, then moved there whole. What an earlier attempt left unfinished never held
 * data and is removed. The files are not on the disk for certain before `syncCluster`.
 */
export async function createCluster(
  files: ServerFiles,
  program: PostgresProgram,
  launch: Launch,
  owner: ServerUser | undefined,
): Promise<void> {
  await rm(files.unfinished, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  const handover = `${files.unfinished}.password`;
  await writeFile(handover, `${password}\n`, { mode: 0o600 });
  try {
    await makeEmptyFolder(files.unfinished, owner);
    if (owner !== undefined) await chown(handover, owner.uid, owner.gid);
    await initdb(program, launch, [
      `--pgdata=${files.unfinished}`,
      `--username=${superuser}`,
      `--pwfile=${handover}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
      '--no-instructions',
    ]);
  } finally {
    await rm(handover, { force: true });
  }
  await writeFile(files.password, password, { mode: 0o600, flush: true });
  await rename(files.unfinished, files.cluster);
}

/** Everything `createCluster` wrote is on the disk when it resolves; nothing may be acknowledged before. */
export async function syncCluster(
  files: ServerFiles,
  program: PostgresProgram,
  launch: Launch,
): Promise<void> {
  await initdb(program, launch, [`--pgdata=${files.cluster}`, '--sync-only']);
  const folder = await open(files.dataDir, 'r');
  await folder.sync().finally(() => folder.close());
}

async function makeEmptyFolder(path: string, owner: ServerUser | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  await chmod(path, 0o700);
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
}

async function initdb(program: PostgresProgram, launch: Launch, words: readonly string[]): Promise<void> {
  const [command = program.initdb, ...rest] = [...launch.prefix, program.initdb, ...words];
  await run(command, rest, { ...launch.user, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' } }).catch(
    (cause: unknown) => {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw said.includes('No space left on device')
        ? new Fault(
            'log-full',
            'The disk is full: the database could not be made.',
            'Free at least 500 MB and start again; nothing was lost.',
            { cause },
          )
        : new Fault(
            'postgres-not-initialised',
            `The database could not be made: ${said}`,
            'Put right what PostgreSQL complains about and start again.',
            { cause },
          );
    },
  );
}

function absentAsEmpty(cause: unknown): string[] {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
  throw cause;
}

function halfWritten(folder: string): Fault {
  return new Fault(
    'data-folder-half-written',
    `${folder} is not empty and not a whole database either (PG_VERSION or global/pg_control is missing). Heed does not delete it, because it may hold data.`,
    'Put the folder back from a backup; or, when it holds nothing you need, delete it and start again.',
  );
}
