import { constants, readFileSync } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '@heed/kernel';
import type { ServerUser } from './server-user.ts';

/** How a PostgreSQL program is started so that it may reach its files. */
export interface Launch {
  readonly user: ServerUser | undefined;
  /** Words that come before the program on the command line; none where the user reaches everything by himself. */
  readonly prefix: readonly string[];
}

export interface LaunchOptions {
  /** Where the server's user cannot pass by himself, give the server the Linux capability to: it then may also read every file. */
  readonly passClosedFolders: boolean;
  readonly onProgress: (message: string) => void;
}

/**
 * The server's user must get through every folder above the data and above the program. Heed's own data folder is opened
 * for passing through; folders above it are their owner's business and stay as they are. Where one is closed (`/root`,
 * `mktemp -d`) this throws Fault `data-folder-unreachable`, unless the capability to pass is asked for and can be given.
 */
export async function launchFor(
  user: ServerUser | undefined,
  dataDir: string,
  program: string,
  { passClosedFolders, onProgress }: LaunchOptions,
): Promise<Launch> {
  if (user === undefined) return { user, prefix: [] };
  const own = await stat(dataDir);
  if (!passable(own, user)) {
    onProgress(`letting the database's system user pass through ${dataDir} (chmod o+x)`);
    await chmod(dataDir, (own.mode & 0o7777) | 0o001);
  }
  const closed = (await closedAbove(dataDir, user)) ?? (await closedAbove(program, user));
  if (closed === undefined) return { user, prefix: [] };
  const setpriv = passClosedFolders ? await firstPresent(['/usr/bin/setpriv', '/bin/setpriv']) : undefined;
  if (setpriv === undefined || !mayGrantSearch()) throw unreachable(closed, user);
  onProgress(
    `${closed} is closed to others: the database gets the capability dac_read_search to pass through it`,
  );
  return { user: undefined, prefix: withSearch(setpriv, user) };
}

function unreachable(closed: string, user: ServerUser): Fault {
  return new Fault(
    'data-folder-unreachable',
    `Heed runs as root and its PostgreSQL as system user ${user.uid}, who may not pass through ${closed}.`,
    `Allow passing through it (\`chmod o+x ${closed}\`), keep Heed and its data in a folder open to others (such as /var/lib/heed), or run Heed as an ordinary user.`,
  );
}

async function closedAbove(path: string, user: ServerUser): Promise<string | undefined> {
  const parent = dirname(path);
  if (parent === path) return undefined;
  return (await closedAbove(parent, user)) ?? (passable(await stat(parent), user) ? undefined : parent);
}

function passable(folder: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (folder.uid === user.uid) return (folder.mode & 0o100) !== 0;
  if (folder.gid === user.gid) return (folder.mode & 0o010) !== 0;
  return (folder.mode & 0o001) !== 0;
}

const capDacReadSearch = 1n << 2n;

function mayGrantSearch(): boolean {
  try {
    const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return (BigInt(`0x${bounding?.[1] ?? '0'}`) & capDacReadSearch) !== 0n;
  } catch {
    return false;
  }
}

function withSearch(setpriv: string, { uid, gid }: ServerUser): readonly string[] {
  return [
    setpriv,
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
    '--bounding-set=-all,+dac_read_search',
    // Without it access(2), which PostgreSQL asks about its own program, leaves capabilities out of account.
    '--securebits=+no_setuid_fixup',
    '--',
  ];
}

async function firstPresent(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const present = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (present) return path;
  }
  return undefined;
}
