import { mkdir, realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCluster, hasCluster, superuser, syncCluster } from './cluster.ts';
import { folderFault } from './folder-fault.ts';
import { claimFolder, giveFolderBack } from './folder-owner.ts';
import { launchFor, type LaunchOptions } from './launch.ts';
import { stopLeftOverServer } from './left-over-server.ts';
import { locatePostgres } from './postgres-program.ts';
import { serverFiles, type ServerFiles } from './server-files.ts';
import { serverPassword } from './server-password.ts';
import { serverUserFor } from './server-user.ts';
import { startServer, stopServer, type ServerProcess } from './server.ts';

export interface EmbeddedServer {
  /** With the password in it: not for logs. */
  readonly superuserUrl: string;
  readonly dataDir: string;
  /** Process id of the postmaster; another one after it had to be started again. */
  readonly pid: () => number;
  /** Resolves when a database made just now is on the disk for certain; nothing may be acknowledged before. */
  readonly durable: Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens `<dataDir>/postgres`, makes it when it is not there yet, and keeps a server running on it until `close`: one that
 * dies (the disk filled up, the system ended it) is started again on the same port, and recovers what was committed.
 */
export async function startEmbeddedServer(dataDir: string, options: LaunchOptions): Promise<EmbeddedServer> {
  try {
    // Others may pass, for the database may run as another system user, and see nothing.
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    const files = serverFiles(await realpath(dataDir));
    await claimFolder(files);
    return await openClaimed(files, options).catch(async (cause: unknown) => {
      await giveFolderBack(files);
      throw cause;
    });
  } catch (cause) {
    throw folderFault(cause, dataDir);
  }
}

async function openClaimed(files: ServerFiles, options: LaunchOptions): Promise<EmbeddedServer> {
  const { onProgress } = options;
  const program = await locatePostgres();
  const found = await hasCluster(files, program.majorVersion);
  const user = await serverUserFor(files.cluster, onProgress);
  const launch = await launchFor(user, files.dataDir, program.postgres, options);
  if (!found) {
    onProgress(`making the database in ${files.cluster}`);
    await createCluster(files, program, launch, user);
  } else if ((await stopLeftOverServer(files.cluster)) === 'stopped') {
    onProgress('stopped the database server that a killed Heed had left over');
  }
  const password = await serverPassword(files, program, launch);
  const first = await startServer(files, program, launch);
  const durable = found ? Promise.resolve() : syncCluster(files, program, launch);
  durable.catch(() => undefined);
  const server = supervise(first, onProgress, () => startServer(files, program, launch, first.port));
  return {
    superuserUrl: `postgres://${superuser}:${password}@127.0.0.1:${first.port}/postgres`,
    dataDir: files.dataDir,
    pid: server.pid,
    durable,
    close: async () => {
      await server.stop();
      await giveFolderBack(files);
    },
  };
}

interface Supervised {
  readonly pid: () => number;
  stop(): Promise<void>;
}

function supervise(
  first: ServerProcess,
  onProgress: (message: string) => void,
  start: () => Promise<ServerProcess>,
): Supervised {
  let current = first;
  let stopping = false;
  let restart: Promise<void> = Promise.resolve();
  const endWithProcess = (): void => {
    current.child.kill('SIGINT');
  };
  const watch = (server: ServerProcess): void => {
    current = server;
    server.child.unref();
    server.child.once('exit', () => {
      if (!stopping) restart = startAgain();
    });
  };
  const startAgain = async (): Promise<void> => {
    onProgress('the database server ended unexpectedly; starting it again');
    for (let waitMs = 100; !stopping; waitMs = Math.min(2 * waitMs, 5_000)) {
      const server = await start().catch((cause: unknown) => {
        onProgress(`the database server does not start: ${cause instanceof Error ? cause.message : ''}`);
      });
      if (server !== undefined) {
        watch(server);
        return;
      }
      await sleep(waitMs, undefined, { ref: false });
    }
  };
  watch(first);
  process.once('exit', endWithProcess);
  return {
    pid: () => current.child.pid ?? 0,
    stop: async () => {
      stopping = true;
      process.removeListener('exit', endWithProcess);
      await restart;
      await stopServer(current.child);
    },
  };
}
