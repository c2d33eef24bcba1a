import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { MigrationReport } from './run-migrations.ts';

/** An open database with Heed's tables in it, embedded or on a server. */
export interface Postgres {
  /** With the password in it: not for logs. */
  readonly url: string;
  /** For the log's own fast statements. bigint comes back as a number: Heed's are below 2^53. */
  readonly pool: pg.Pool;
  /** For everything else. */
  readonly dataSource: DataSource;
  readonly migrations: MigrationReport;
  /** Passes the result through, and turns a failure into what it means to the caller: Fault `log-full` or `log-unavailable`. */
  orFault<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}
