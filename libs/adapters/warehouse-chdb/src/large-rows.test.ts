import { fileURLToPath } from 'node:url';
import { tenantId } from '@heed/kernel';
import { chainSession, exampleDeadLetter, exampleFiledEvent } from '@heed/testing';
import {
  migrateWarehouse,
  readWarehouseMigrations,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRebuildable } from './open-chdb-warehouse.ts';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const TENANT = tenantId('tenant');
const DAY = '2026-03-02';
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);

describe('a migrated warehouse over chDB', () => {
  let warehouse: Warehouse;
  beforeEach(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
  });
  afterEach(async () => {
    await warehouse.close();
  });

  it('gives the same events of sessions in whatever pieces it reads them', async () => {
    const sizes = { small: [10, 20], large: [900, 40, 1200, 900, 5], last: [700], tiny: [1] };
    const filed = Object.entries(sizes).flatMap(([session, bodies], s) =>
      bodies.map((size, i) => exampleFiledEvent(TENANT, session, 100 * s + i, size)),
    );
    const derived = Object.keys(sizes).map((session, version) => ({
      tenant: TENANT,
      version,
      session: chainSession({ session, states: ['a'], end: 'success', day: DAY }),
    }));
    await new WarehouseSessionStore(warehouse).apply({ filed, derived, deadLetters: [] });
    const keys = derived.map(({ session }) => ({ tenant: TENANT, session: session.session }));
    for (const bytesPerQuery of [1, 50, 1000, 2000, 1_000_000]) {
      const known = await new WarehouseSessionStore(warehouse, bytesPerQuery).known(keys);
      const events = known.flatMap((one) => one.events).sort((a, b) => a.position - b.position);
      expect(events).toEqual(filed);
    }
  });

  it('shows of a dead letter in a list its beginning, and alone all of it', async () => {
    const body = 'ü'.repeat(5000);
    await new WarehouseSessionStore(warehouse).apply({
      filed: [],
      derived: [],
      deadLetters: [exampleDeadLetter(TENANT, body)],
    });
    const reader = new SqlWarehouseReader(warehouse);
    const { rows } = await reader.deadLetters(TENANT, 10);
    expect(rows).toMatchObject([{ body: 'ü'.repeat(1024), bodyBytes: 10_000 }]);
    expect(await reader.deadLetter(TENANT, 'k')).toMatchObject({ body, bodyBytes: 10_000 });
  });

  it('removes a tenant in turn with recounts', async () => {
    const chains = new WarehouseChainStore(warehouse);
    const session = chainSession({ session: 's', states: ['a', 'b'], end: 'success', day: DAY });
    await new WarehouseSessionStore(warehouse).apply({
      filed: [],
      derived: [{ tenant: TENANT, version: 1, session }],
      deadLetters: [],
    });
    const reader = new SqlWarehouseReader(warehouse, (work) => chains.exclusively(work));
    await Promise.all([chains.recount(TENANT), reader.removeTenant(TENANT), chains.recount(TENANT)]);
    expect((await chains.counts(TENANT, { until: DAY }, 1)).states).toBe(0);
  });

  it('counts a day again whose marks are fewer than its counts know of', async () => {
    const chains = new WarehouseChainStore(warehouse);
    const sessions = new WarehouseSessionStore(warehouse);
    const session = chainSession({ session: 's', states: ['a'], end: 'success', day: DAY });
    await sessions.apply({ filed: [], derived: [{ tenant: TENANT, version: 1, session }], deadLetters: [] });
    await warehouse.execute("INSERT INTO day_counts_seen VALUES ('tenant', {day:Date}, 6)", { day: DAY });
    expect(await chains.recount(TENANT)).toEqual([DAY]);
    expect(await chains.recount(TENANT)).toEqual([]);
    // Its marks come to six as well: by the largest number ever seen it would be clean.
    for (const version of [2, 3])
      await sessions.apply({ filed: [], derived: [{ tenant: TENANT, version, session }], deadLetters: [] });
    expect(await chains.recount(TENANT)).toEqual([DAY]);
  });

  it('counts a day again and again that a projector opened and never closed, until its marks are closed', async () => {
    const chains = new WarehouseChainStore(warehouse);
    await warehouse.execute("INSERT INTO day_marks (tenant, day, opened) VALUES ('cut-off', {day:Date}, 1)", {
      day: DAY,
    });
    const cutOff = tenantId('cut-off');
    expect(await chains.recount(cutOff)).toEqual([DAY]);
    // Its rows may have come after that count, from whoever was killed before he could say so.
    expect(await chains.recount(cutOff)).toEqual([DAY]);
    const session = chainSession({ session: 's', states: ['a'], end: 'success', day: DAY });
    const derived = [{ tenant: TENANT, version: 9, session }];
    await new WarehouseSessionStore(warehouse).apply({ filed: [], derived, deadLetters: [] });
    expect(await chains.recount(cutOff)).toEqual([DAY]);
    expect(await chains.recount(cutOff)).toEqual([]);
  });

  it('is known for half-replaced when exchanging its tables was cut off', async () => {
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const copy = await copies.begin();
    await warehouse.execute(`DROP TABLE ${warehouse.database}_replay.day_marks SYNC`);
    await expect(copy.replace()).rejects.toThrow();
    await copy.discard();
    await expect(migrateWarehouse(warehouse, migrations)).rejects.toSatisfy(isRebuildable);
  });
});
