import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import { encodeRows } from './encode-rows.ts';
import { isHalfReplaced } from './replace-tables.ts';
import type { Warehouse } from './warehouse.ts';

/** One statement, which may be run again without harm: ClickHouse has no transactions. */
export interface WarehouseMigration {
  /** The file's name; migrations are applied in its order and never changed afterwards. */
  readonly name: string;
  readonly sql: string;
}

const appliedRow = z.object({ name: z.string(), sha256: z.string() });

/** The numbered files of a folder such as `migrations/clickhouse`, in order. */
export function readWarehouseMigrations(folder: string): readonly WarehouseMigration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/u.test(name))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));
}

/** Nothing was ever migrated in it: it is new, or what it held was lost. */
export async function isEmptyWarehouse(warehouse: Warehouse): Promise<boolean> {
  const tables = await warehouse.query(
    z.object({ name: z.string() }),
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'applied_migrations'",
  );
  return tables.length === 0;
}

/**
 * Applies what is missing and returns the names of what it applied: all of them when the warehouse is new.
 *
 * Faults: `warehouse-broken` when something that was made is not there any more, or a replacement was cut off;
 * `data-folder-newer` when the warehouse has migrations that this program does not know; `migration-changed` when one was applied with
 * other content than it has now.
 */
export async function migrateWarehouse(
  warehouse: Warehouse,
  migrations: readonly WarehouseMigration[],
): Promise<readonly string[]> {
  if (await isHalfReplaced(warehouse)) throw halfWritten('a replacement of its tables was cut off');
  await warehouse.execute(
    'CREATE TABLE IF NOT EXISTS applied_migrations (name String, sha256 String) ENGINE = ReplacingMergeTree ORDER BY name',
  );
  const rows = await warehouse.query(
    appliedRow,
    'SELECT name, sha256 FROM applied_migrations FINAL ORDER BY name',
  );
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  refuseUnknown(applied, migrations);
  await refuseHalf(
    warehouse,
    migrations.filter(({ name }) => applied.has(name)),
  );
  const missing = migrations.filter((migration) => isMissing(migration, applied));
  for (const { name, sql } of missing) {
    await warehouse.execute(sql);
    await warehouse.insert('applied_migrations', ['name', 'sha256'], encodeRows([[name, sha256Of(sql)]]));
  }
  return missing.map(({ name }) => name);
}

/** Nothing is missing in it, nothing was cut off and nothing has to be done: it may be used at once. Changes nothing. */
export async function isPrepared(
  warehouse: Warehouse,
  migrations: readonly WarehouseMigration[],
): Promise<boolean> {
  if ((await isEmptyWarehouse(warehouse)) || (await isHalfReplaced(warehouse))) return false;
  const rows = await warehouse.query(appliedRow, 'SELECT name, sha256 FROM applied_migrations FINAL');
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]));
  if (applied.size !== migrations.length) return false;
  if (!migrations.every(({ name, sql }) => applied.get(name) === sha256Of(sql))) return false;
  return (await lostTables(warehouse, migrations)).length === 0;
}

function refuseUnknown(
  applied: ReadonlyMap<string, string>,
  migrations: readonly WarehouseMigration[],
): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new Fault(
    'data-folder-newer',
    `The warehouse was changed by a newer Heed (${unknown.join(', ')}).`,
    'Use that newer Heed, or give this one another data folder.',
  );
}

const tableRow = z.object({ name: z.string() });

async function refuseHalf(warehouse: Warehouse, applied: readonly WarehouseMigration[]): Promise<void> {
  const lost = await lostTables(warehouse, applied);
  if (lost.length === 0) return;
  throw halfWritten(`it has lost ${lost.join(', ')}`);
}

async function lostTables(
  warehouse: Warehouse,
  applied: readonly WarehouseMigration[],
): Promise<readonly string[]> {
  const tables = await warehouse.query(
    tableRow,
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  const there = new Set(tables.map(({ name }) => name));
  const made = applied.flatMap(
    ({ sql }) => /CREATE (?:TABLE|VIEW) IF NOT EXISTS (?<made>\w+)/u.exec(sql)?.groups?.['made'] ?? [],
  );
  return made.filter((name) => !there.has(name));
}

function halfWritten(what: string): Fault {
  return new Fault(
    'warehouse-broken',
    `The warehouse is half-written: ${what}.`,
    'Nothing is lost: the log has every event. Start Heed again: it rebuilds the warehouse from the log by itself.',
  );
}

function isMissing({ name, sql }: WarehouseMigration, applied: ReadonlyMap<string, string>): boolean {
  const before = applied.get(name);
  if (before === undefined) return true;
  if (before === sha256Of(sql)) return false;
  throw new Fault(
    'migration-changed',
    `The migration ${name} was applied with other content than it has now.`,
    'Put the file back as it was and write the change as a new migration; `heed replay` rebuilds a warehouse from the log.',
  );
}

function sha256Of(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
