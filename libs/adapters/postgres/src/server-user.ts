import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Fault } from '@heed/kernel';

/** The system user that the server runs as, where that is not the user of this process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const ownUser = 'heed-postgres';

/**
 * PostgreSQL refuses to run as root. Started by root it runs as whoever owns the folder already, else as the system user
 * `heed-postgres`, which is made when it is missing, else as `nobody`. Started by anybody else it runs as that user.
 */
export async function serverUserFor(
  folder: string,
  onProgress: (message: string) => void,
): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(folder).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = (await idsOf(ownUser)) ?? (await createUser(onProgress)) ?? (await idsOf('nobody'));
  if (user !== undefined && user.uid !== 0) return user;
  throw new Fault(
    'postgres-needs-a-user',
    `Heed runs as root, PostgreSQL refuses to, and the system user ${ownUser} could not be made.`,
    `Make it (\`useradd --system ${ownUser}\`) and start again, or run Heed as an ordinary user.`,
  );
}

async function createUser(onProgress: (message: string) => void): Promise<ServerUser | undefined> {
  onProgress(`PostgreSQL does not run as root: making the system user ${ownUser} for it (useradd)`);
  await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', ownUser])
    // Alpine's busybox has another tool for it.
    .catch(() => run('adduser', ['-S', '-D', '-H', '-s', '/bin/false', ownUser]))
    .catch(() => undefined);
  return idsOf(ownUser);
}

async function idsOf(name: string): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}
