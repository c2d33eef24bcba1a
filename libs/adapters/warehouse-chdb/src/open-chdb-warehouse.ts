import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';
import { brokenWarehouse } from './chdb-fault.ts';
import { ChdbWarehouse } from './chdb-warehouse.ts';
import { claimFolder } from './claim-folder.ts';
import { findObstacle } from './find-obstacle.ts';
import { version } from './engine-version.ts';

const OWNER_ONLY = 0o700;

const engineFile = z.object({ clickhouse: z.string() });
const detachedPart = z.object({ table: z.string(), reason: z.string() });

/**
 * Opens the warehouse in `<dataDir>/warehouse`, making it if it is not there. One process owns it, and one warehouse is open
 * in a process at a time: both are the engine's rules. Tables are not made here; see `migrateWarehouse`.
 *
 * Faults: `data-folder-in-use`; `data-folder-newer` when a newer engine wrote it; `warehouse-broken` when it cannot be read
 * (see `setAsideWarehouse`); `warehouse-unopened` when the machine does not let it be opened, which says nothing of its state.
 */
export async function openChdbWarehouse(dataDir: string, database = 'heed'): Promise<Warehouse> {
  const folder = folderOf(dataDir);
  const claim = claimFolder(dataDir, 'warehouse.lock.json');
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
    // Also one that is there already: the engine's own files inside are readable to others.
    chmodSync(folder, OWNER_ONLY);
    refuseNewer(folder);
    const warehouse = new ChdbWarehouse(join(folder, 'data'), database, () => claim.release());
    await refuseBroken(warehouse, folder);
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
  const theirs = existsSync(path) ? readEngine(path) : ours;
  if (isNewer(theirs, ours)) {
    throw new Fault(
      'data-folder-newer',
      `The warehouse in ${folder} was written by ClickHouse ${theirs}; this Heed has ${ours}.`,
      'Use the newer Heed that wrote it, or give this one another data folder.',
    );
  }
  writeFileSync(path, JSON.stringify({ clickhouse: ours }));
}

function readEngine(path: string): string {
  try {
    return engineFile.parse(JSON.parse(readFileSync(path, 'utf8'))).clickhouse;
  } catch (thrown) {
    if (thrown instanceof Error && 'errno' in thrown) throw thrown;
    throw brokenWarehouse('engine.json cannot be read', thrown);
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
async function refuseBroken(warehouse: ChdbWarehouse, folder: string): Promise<void> {
  const parts = await warehouse
    .query(
      detachedPart,
      "SELECT table, ifNull(reason, '') AS reason FROM system.detached_parts WHERE database = currentDatabase()",
    )
    .catch((thrown: unknown) => thrown);
  if (!Array.isArray(parts)) {
    await warehouse.close();
    if (parts instanceof Fault && parts.code !== 'warehouse-failed') throw parts;
    // A connection that the engine refuses carries no reason: it is damage only where the machine is not in the way.
    const obstacle = findObstacle(folder);
    if (obstacle === undefined) throw brokenWarehouse('the engine cannot load it', parts);
    throw new Fault(
      'warehouse-unopened',
      `The warehouse in ${folder} could not be opened: ${obstacle.what}.`,
      obstacle.remedy,
      { cause: parts },
    );
  }
  const bad = z
    .array(detachedPart)
    .parse(parts)
    .filter(({ reason }) => reason.startsWith('broken'));
  if (bad.length === 0) return;
  await warehouse.close();
  throw brokenWarehouse(
    `${bad.length} parts of ${[...new Set(bad.map(({ table }) => table))].join(', ')} cannot be read`,
  );
}
