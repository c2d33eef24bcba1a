import { fileURLToPath } from 'node:url';
import { eventId, tenantId, turnId } from '@heed/kernel';
import { chainSession, exampleDeadLetter, exampleFiledEvent } from '@heed/testing';
import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import {
  isEmptyWarehouse,
  isHalfReplaced,
  migrateWarehouse,
  readWarehouseMigrations,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openClickHouseWarehouse, setAsideClickHouseWarehouse } from './open-clickhouse-warehouse.ts';

const [TENANT, OTHER] = [tenantId('tenant'), tenantId('other')];
const DAY = '2026-03-02';
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const letterRow = z.object({ key: z.string(), session: z.string(), bytes: z.coerce.number() });
const engineRow = z.object({ engine: z.string() });

describe.each([
  { server: 'a ClickHouse server', cluster: {} },
  { server: 'a ClickHouse cluster', cluster: { cluster: 'heed' } },
])('a migrated warehouse on $server', ({ cluster }) => {
  let front: ClickHouseFront;
  let warehouse: Warehouse;
  beforeEach(async () => {
    front = await openClickHouseFront();
    warehouse = await openClickHouseWarehouse({ url: front.url, ...cluster });
    await migrateWarehouse(warehouse, migrations);
  });
  afterEach(async () => {
    await warehouse.close();
    await front.close();
  });

  it('has the tables that it should, and knows that it was migrated', async () => {
    const [sessions] = await warehouse.query(
      engineRow,
      "SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = 'sessions'",
    );
    expect(sessions?.engine).toBe('cluster' in cluster ? 'Distributed' : 'ReplacingMergeTree');
    expect(await isEmptyWarehouse(warehouse)).toBe(false);
    expect(await migrateWarehouse(warehouse, migrations)).toEqual([]);
  });

  it('gives large events of sessions in whatever pieces it reads them', async () => {
    const filed = ['small', 'large'].flatMap((session, s) =>
      [3_000_000, 5, 4_000_000].map((size, i) =>
        exampleFiledEvent(TENANT, session, 10 * s + i, size * s + 1),
      ),
    );
    const derived = ['small', 'large'].map((session, version) => ({
      tenant: TENANT,
      version,
      session: chainSession({ session, states: ['a'], end: 'success', day: DAY }),
    }));
    await new WarehouseSessionStore(warehouse).apply({ filed, derived, deadLetters: [] });
    for (const bytesPerQuery of [1, 1_000_000, 64_000_000]) {
      const known = await new WarehouseSessionStore(warehouse, bytesPerQuery).known(
        derived.map(({ session }) => ({ tenant: TENANT, session: session.session })),
      );
      const events = known.flatMap((one) => one.events).sort((a, b) => a.position - b.position);
      expect(events).toEqual(filed);
    }
  });

  it('shows dead letters and orphans, whose events lie beside them', async () => {
    const orphan = { event: eventId('e-7'), eventType: 'heed.reaction.v1', turn: turnId('gone'), atMs: 1 };
    const session = chainSession({ session: 's', states: ['a'], end: 'success', day: DAY });
    await new WarehouseSessionStore(warehouse).apply({
      filed: [exampleFiledEvent(TENANT, 's', 7, 10)],
      derived: [
        { tenant: TENANT, version: 7, session: { ...session, orphans: [{ ...orphan, position: 7 }] } },
      ],
      deadLetters: [exampleDeadLetter(TENANT, 'ü'.repeat(5000))],
    });
    const reader = new SqlWarehouseReader(warehouse);
    expect(await reader.deadLetter(TENANT, 'k')).toMatchObject({ bodyBytes: 10_000 });
    expect(
      await warehouse.query(
        letterRow,
        'SELECT key, session, length(body) AS bytes FROM all_dead_letters ORDER BY key',
      ),
    ).toEqual([
      { key: 'e-7', session: 's', bytes: 10 },
      { key: 'k', session: '', bytes: 10_000 },
    ]);
  });

  it('compares a copy row for row, and is replaced by it', async () => {
    const chains = new WarehouseChainStore(warehouse);
    const copies = new SqlWarehouseCopies(warehouse, migrations, chains);
    await put(new WarehouseSessionStore(warehouse), TENANT, 's', 'success');
    const copy = await copies.begin();
    await put(copy.sessions, TENANT, 's', 'success');
    await copy.recount();
    expect((await copy.compare()).filter(({ equal }) => equal !== true)).toEqual([]);
    await put(copy.sessions, TENANT, 'new', 'failure');
    await copy.recount();
    const differing = (await copy.compare()).filter(({ equal }) => equal === false).map(({ table }) => table);
    expect(differing).toEqual(expect.arrayContaining(['sessions', 'transitions', 'state_ends']));
    await copy.replace();
    await copy.discard();
    expect(await isHalfReplaced(warehouse)).toBe(false);
    expect(await chains.totals(TENANT, { until: '2027-01-01' })).toMatchObject({ sessions: 2 });
    expect([...(await chains.counts(TENANT, { until: '2027-01-01' }, 1)).failures]).toContain(1);
  });

  it('loses a tenant altogether and keeps the others', async () => {
    const chains = new WarehouseChainStore(warehouse);
    const sessions = new WarehouseSessionStore(warehouse);
    for (const tenant of [TENANT, OTHER]) {
      await put(sessions, tenant, 's', 'success');
      await chains.recount(tenant);
    }
    await new SqlWarehouseReader(warehouse, (work) => chains.exclusively(work)).removeTenant(TENANT);
    const until = '2027-01-01';
    expect(await chains.totals(TENANT, { until })).toMatchObject({ sessions: 0, states: 0 });
    expect(await chains.totals(OTHER, { until })).toMatchObject({ sessions: 1, states: 2 });
  });

  it('is known for half-replaced, moved aside, and made anew', async () => {
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const copy = await copies.begin();
    const beside = await warehouse.inDatabase(`${warehouse.database}_replay`);
    await beside.execute('DROP TABLE day_marks SYNC');
    await beside.close();
    await expect(copy.replace()).rejects.toThrow();
    await expect(migrateWarehouse(warehouse, migrations)).rejects.toMatchObject({ code: 'warehouse-broken' });
    await setAsideClickHouseWarehouse(warehouse);
    warehouse = await openClickHouseWarehouse({ url: front.url, ...cluster });
    expect(await migrateWarehouse(warehouse, migrations)).toHaveLength(migrations.length);
  });
});

async function put(
  store: Pick<WarehouseSessionStore, 'apply'>,
  tenant: typeof TENANT,
  session: string,
  end: 'success' | 'failure',
): Promise<void> {
  const row = chainSession({ session, states: ['a', 'b'], end, day: DAY });
  await store.apply({ filed: [], derived: [{ tenant, version: 1, session: row }], deadLetters: [] });
}
