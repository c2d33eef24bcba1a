import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';
import { ChdbWarehouse } from './chdb-warehouse.ts';
import { claimFolder } from './claim-folder.ts';
import { version } from './engine-version.ts';

const engineFile = z.object({ clickhouse: z.string() });
const detachedPart = z.object({ table: z.string(), reason: z.string() });

/**
 * Opens the warehouse in `<dataDir>/warehouse`, making it if it is not there. One process owns it, and one warehouse is open
 * in a process at a time: both are the engine's rules. Tables are not made here; see `migrateWarehouse`.
 *
 * Faults: `data-folder-in-use`; `data-folder-newer` when a newer engine wrote it; `warehouse-broken` when it cannot be read
 * (see `setAsideWarehouse`).
 */
export async function openChdbWarehouse(dataDir: string, database = 'heed'): Promise<Warehouse> {
  const folder = folderOf(dataDir);
  const claim = claimFolder(dataDir, 'warehouse.lock.json');
  try {
    mkdirSync(folder, { recursive: true });
    refuseNewer(folder);
    const warehouse = new ChdbWarehouse(join(folder, 'data'), database, () => claim.release());
    await refuseBroken(warehouse);
    return warehouse;
  } catch (thrown) {
    claim.release();
    throw thrown;
  }
}

/**
 * Moves a broken warehouse out of the way, where it can be looked at, and returns the place. Nothing is lost with it: opened
 * again it is empty, and replaying the log fills it. The caller must own the data folder.
 */
export function setAsideWarehouse(dataDir: string): string {
  for (let n = 1; ; n++) {
    const aside = join(dataDir, `warehouse-broken-${n}`);
    if (existsSync(aside)) continue;
    renameSync(folderOf(dataDir), aside);
    return aside;
  }
}

/** A fault after which `setAsideWarehouse` and a replay of the log bring everything back. */
export function isRebuildable(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === 'warehouse-broken';
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'warehouse');
}

function refuseNewer(folder: string): void {
  const path = join(folder, 'engine.json');
  const ours = version();
  const theirs = existsSync(path) ? readEngine(folder, path) : ours;
  if (isNewer(theirs, ours)) {
    throw new Fault(
      'data-folder-newer',
      `The warehouse in ${folder} was written by ClickHouse ${theirs}; this Heed has ${ours}.`,
      'Use the newer Heed that wrote it, or give this one another data folder.',
    );
  }
  writeFileSync(path, JSON.stringify({ clickhouse: ours }));
}

function readEngine(folder: string, path: string): string {
  try {
    return engineFile.parse(JSON.parse(readFileSync(path, 'utf8'))).clickhouse;
  } catch (thrown) {
    throw broken(folder, 'engine.json cannot be read', thrown);
  }
}

/** By year and month of the release: within one, ClickHouse reads its own data both ways. */
function isNewer(theirs: string, ours: string): boolean {
  const month = (clickhouse: string): number => {
    const [year = 0, number = 0] = clickhouse.split('.').map(Number);
    return year * 12 + number;
  };
  return month(theirs) > month(ours);
}

/** ClickHouse puts parts aside that it cannot read, and goes on without them. Heed must not: rows would be missing unseen. */
async function refuseBroken(warehouse: ChdbWarehouse): Promise<void> {
  const parts = await warehouse
    .query(
      detachedPart,
      "SELECT table, ifNull(reason, '') AS reason FROM system.detached_parts WHERE database = currentDatabase()",
    )
    .catch((thrown: unknown) => thrown);
  if (!Array.isArray(parts)) {
    await warehouse.close();
    throw broken('the data folder', 'the engine cannot load it', parts);
  }
  const bad = z
    .array(detachedPart)
    .parse(parts)
    .filter(({ reason }) => reason.startsWith('broken'));
  if (bad.length === 0) return;
  await warehouse.close();
  throw broken(
    'the data folder',
    `${bad.length} parts of ${[...new Set(bad.map(({ table }) => table))].join(', ')} cannot be read`,
  );
}

function broken(folder: string, what: string, cause?: unknown): Fault {
  return new Fault(
    'warehouse-broken',
    `The warehouse in ${folder} is damaged or half-written: ${what}.`,
    'Nothing is lost: the log has every event. `heed replay` sets the damaged one aside and rebuilds it from the log.',
    { cause },
  );
}
