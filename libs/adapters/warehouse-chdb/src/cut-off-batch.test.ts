import { fileURLToPath } from 'node:url';
import { tenantId } from '@heed/kernel';
import { chainSession } from '@heed/testing';
import {
  encodeRows,
  readWarehouseMigrations,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const TENANT = tenantId('tenant');
const [MONDAY, TUESDAY] = ['2026-03-02', '2026-03-03'];
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

describe('a batch that was cut off', () => {
  let warehouse: Warehouse;
  beforeAll(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
  });
  afterAll(async () => {
    await warehouse.close();
  });

  it('has the day that a session left counted again, although the batch that comes again no longer names it', async () => {
    const chains = new WarehouseChainStore(warehouse);
    await put(warehouse, 1, MONDAY);
    await chains.recount(TENANT);
    // Cut off: both days are opened, the old row is counted once more, the new row is in, and nothing is closed.
    await warehouse.insert('day_marks', ['tenant', 'day', 'opened'], opened());
    expect(await chains.recount(TENANT)).toEqual([MONDAY, TUESDAY]);
    await warehouse.execute(
      `INSERT INTO sessions (tenant, session, version, day, steps.state, steps.wording, steps.turn, steps.engaged, chain_end)
       VALUES ('tenant', 's', 2, {day:Date}, ['a'], ['a'], ['t'], [0], 'success')`,
      { day: TUESDAY },
    );
    await put(warehouse, 2, TUESDAY);
    expect(await chains.recount(TENANT)).toEqual([MONDAY, TUESDAY]);
    expect((await chains.counts(TENANT, { until: TUESDAY }, 1)).states).toBe(0);
  });
});

/** By a store of its own, as after a restart; it finds the session on the day that it is on by now. */
async function put(warehouse: Warehouse, version: number, day: string): Promise<void> {
  const session = chainSession({ session: 's', states: ['a'], end: 'success', day });
  const derived = [{ tenant: TENANT, version, session, previousDay: day }];
  await new WarehouseSessionStore(warehouse).apply({ filed: [], derived, deadLetters: [] });
}

function opened(): Uint8Array {
  return encodeRows([MONDAY, TUESDAY].map((day) => [TENANT, day, 1]));
}
