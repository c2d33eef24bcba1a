import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '@heed/kernel';

/** One numbered SQL file. */
export interface MigrationFile {
  /** The file's name without `.sql`, such as `0001_event_log`. */
  readonly name: string;
  readonly number: number;
  readonly sql: string;
  readonly sha256: string;
}

/** Heed's migrations for PostgreSQL, by number. `folder` is for tests; they are found beside the program otherwise. */
export async function readMigrationFiles(folder = migrationsFolder()): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number.parseInt(name, 10);
      if (number !== index + 1)
        throw new RangeError(`${name}: migrations are numbered 0001, 0002, ... without a gap`);
      const sql = await readFile(join(folder, name), 'utf8');
      return { name: name.slice(0, -'.sql'.length), number, sql, sha256: sha256(sql) };
    }),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Goes up from this file, because the source and the built program stand at different depths. */
function migrationsFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'migrations', 'postgres');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) {
      throw new Fault(
        'migrations-missing',
        `Heed's folder migrations/postgres was not found above ${start}.`,
        'Install Heed again: its program is not complete.',
      );
    }
  }
}
