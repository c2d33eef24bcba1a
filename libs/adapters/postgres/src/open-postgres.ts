import { Fault } from '@heed/kernel';
import { connect } from './connect.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { ordinaryUrl } from './ordinary-role.ts';
import type { Postgres } from './postgres.ts';

export interface EmbeddedPostgres extends Postgres {
  /** Process id of the postmaster. */
  readonly serverPid: () => number;
}

export interface EmbeddedOptions {
  /** Heed's data folder; made when missing. The database takes the sub-folder `postgres`. */
  readonly dataDir: string;
  /** One sentence for people at each step that takes time or is worth knowing. */
  readonly onProgress?: (message: string) => void;
  /**
   * For root inside folders that are closed to others (`/root`): lets the server pass through them by the Linux capability
   * dac_read_search, with which it may also read every file. Without it such a folder is refused.
   */
  readonly passClosedFolders?: boolean;
}

/**
 * Starts the embedded PostgreSQL on the folder, applies the migrations and opens it. Everything that can go wrong is a Fault with a remedy:
 * `data-folder-in-use`, `-newer`, `-older`, `-half-written`, `-unreachable`, `-not-ours`, `-not-a-folder`, `log-full`, `postgres-not-installed`,
 * `-not-started`, `-not-initialised`, `-needs-a-user`, `-does-not-stop`, `migration-edited`.
 */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedServer(options.dataDir, {
    passClosedFolders: options.passClosedFolders ?? false,
    onProgress: options.onProgress ?? (() => undefined),
  });
  try {
    const url = await ordinaryUrl(server.superuserUrl);
    const postgres = await connect({ url, folder: server.dataDir });
    await server.durable;
    return {
      ...postgres,
      serverPid: server.pid,
      close: async () => {
        await postgres.close();
        await server.close();
      },
    };
  } catch (cause) {
    await server.close();
    throw cause;
  }
}

/**
 * The same on a PostgreSQL server (16 or newer) that somebody else runs.
 *
 * @throws Fault `postgres-unreachable` when there is none, or it does not let us in; `data-folder-newer`, `migration-edited`
 */
export async function openPostgres({ url }: { readonly url: string }): Promise<Postgres> {
  try {
    return await connect({ url });
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'log-unavailable') throw cause;
    const { host, pathname } = new URL(url);
    throw new Fault(
      'postgres-unreachable',
      `The PostgreSQL server ${host}${pathname} cannot be used. ${cause.message}`,
      'Check that DATABASE_URL is right, that the server runs, that the database exists and that this user may make tables in it.',
      { cause },
    );
  }
}
