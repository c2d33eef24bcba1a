import { Fault } from '@heed/kernel';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import type { MigrationFile } from './migration-files.ts';

export interface MigrationReport {
  /** Applied just now, in order. */
  readonly applied: readonly string[];
  /** Applied in all. */
  readonly total: number;
}

type MigrationClass = new () => MigrationInterface;

const appliedRows = z.array(z.object({ number: z.int(), name: z.string(), sha256: z.string() }));

/** The shape in which TypeORM takes migrations: one class a file. It orders them by the 13 digits at the end of the name. */
export function migrationClass(file: MigrationFile): MigrationClass {
  return class implements MigrationInterface {
    readonly name = `${file.name}_${String(file.number).padStart(13, '0')}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(file.sql);
      await runner.query('INSERT INTO migration_file (number, name, sha256) VALUES ($1, $2, $3)', [
        file.number,
        file.name,
        file.sha256,
      ]);
    }

    down(): Promise<void> {
      return Promise.reject(new Error(`${file.name} cannot be taken back: migrations only go forward`));
    }
  };
}

/**
 * Brings the database up to this program, one transaction a file. Safe when two processes start at once. Throws Fault
 * `data-folder-newer` for a database that a newer Heed has changed, `migration-edited` for a file that is not the one that was applied.
 */
export async function runMigrations(
  dataSource: DataSource,
  files: readonly MigrationFile[],
): Promise<MigrationReport> {
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query("SELECT pg_advisory_lock(hashtextextended('heed migrations', 0))");
    await lock.query(
      'CREATE TABLE IF NOT EXISTS migration_file (number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL)',
    );
    const before = appliedRows.parse(
      await lock.query('SELECT number, name, sha256 FROM migration_file ORDER BY number'),
    );
    refuseStrangers(before, files);
    if (before.length === files.length) return { applied: [], total: files.length };
    await dataSource.runMigrations({ transaction: 'each' });
    return { applied: files.slice(before.length).map((file) => file.name), total: files.length };
  } finally {
    await lock
      .query("SELECT pg_advisory_unlock(hashtextextended('heed migrations', 0))")
      .catch(() => undefined);
    await lock.release();
  }
}

function refuseStrangers(applied: z.infer<typeof appliedRows>, files: readonly MigrationFile[]): void {
  for (const { number, name, sha256 } of applied) {
    const file = files[number - 1];
    if (file === undefined) {
      throw new Fault(
        'data-folder-newer',
        `The database was changed by a newer Heed (migration ${name}); this one knows ${files.length} migrations.`,
        'Start it with that newer Heed, or choose another data folder.',
      );
    }
    if (file.name !== name || file.sha256 !== sha256) {
      throw new Fault(
        'migration-edited',
        `Migration ${file.name} is not the one that was applied to this database (${name}, SHA-256 ${sha256}).`,
        'Restore the file as it was; a change to the tables is a new file with the next number.',
      );
    }
  }
}
