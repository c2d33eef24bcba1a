export { AdvisoryLock, type HeldLock } from './advisory-lock.ts';
export { askPostgres } from './ask-postgres.ts';
export { inTransaction } from './in-transaction.ts';
export {
  openEmbeddedPostgres,
  openPostgres,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from './open-postgres.ts';
export type { Postgres } from './postgres.ts';
export type { MigrationReport } from './run-migrations.ts';
