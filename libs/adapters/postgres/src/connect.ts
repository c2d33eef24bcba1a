import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { readMigrationFiles } from './migration-files.ts';
import type { Postgres } from './postgres.ts';
import { postgresFault } from './postgres-fault.ts';
import { silentLogger } from './silent-logger.ts';
import { migrationClass, runMigrations } from './run-migrations.ts';

/** Work that is at it still, or a server that does not answer, is not waited for: what was not committed by then was not done. */
const CLOSE_WITHIN_MS = 10_000;

export interface ConnectOptions {
  readonly url: string;
  /** The folder whose disk the database fills, where it is on this machine. */
  readonly folder?: string;
  /** For tests; Heed's own otherwise. */
  readonly migrationsFolder?: string;
}

/** Opens both ways to the database and applies the migrations. Leaves nothing open when it throws. */
export async function connect(options: ConnectOptions): Promise<Postgres> {
  const { url, folder } = options;
  const files = await readMigrationFiles(options.migrationsFolder);
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: files.map(migrationClass),
    installExtensions: false,
    logger: silentLogger,
    extra: { max: 4 },
    poolErrorHandler: () => undefined,
  });
  try {
    await dataSource.initialize();
    const migrations = await runMigrations(dataSource, files);
    const pool = newPool(url);
    return {
      url,
      pool,
      dataSource,
      migrations,
      orFault: (work) =>
        work.catch(async (cause: unknown) => {
          throw await postgresFault(cause, folder);
        }),
      close: async () => {
        const closed = Promise.all([pool.end(), dataSource.destroy()]);
        await Promise.race([closed, delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
      },
    };
  } catch (cause) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw await postgresFault(cause, folder);
  }
}

/**
 * The pool's statements are keyed look-ups and inserts. They are planned once, on a table that may still be empty, and must go by the index then as
 * well: a scan chosen while the log was short would be run over and over on a long one.
 */
const planning = [
  '-c plan_cache_mode=force_generic_plan',
  ...['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((method) => `-c enable_${method}=off`),
].join(' ');

function newPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 12,
    idleTimeoutMillis: 0,
    // Whoever waits for a lock says nothing meanwhile, and is to hear that the other end is gone.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'heed',
    options: planning,
    types: withBigintAsNumber(),
  });
  // A connection that breaks is replaced when the next statement asks for one, and the statement under way fails by itself.
  // An error event that nobody listens to would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function withBigintAsNumber(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
