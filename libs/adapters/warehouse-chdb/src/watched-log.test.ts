import { fileURLToPath } from 'node:url';
import { tenantId } from '@heed/kernel';
import type { RetractedTurn } from '@heed/rewards';
import {
  readWarehouseMigrations,
  WarehouseSessionStore,
  WarehouseWatchedLog,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';
import { about, derived, eventsOf, filed, NINE, turn } from './sent-events.fixture.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const tenant = tenantId('shop');

describe('what a watch reads of a log', () => {
  let warehouse: Warehouse;
  let log: WarehouseWatchedLog;
  beforeAll(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
    log = new WarehouseWatchedLog(warehouse);
    // Eight sessions of two turns, the first four filed before events had names.
    const sessions = Array.from({ length: 8 }, (_, n) =>
      eventsOf(`s${String(n)}`, [
        turn(1 + 10 * n, 'play jazz', 'Playing.', { turn: 't1' }),
        turn(2 + 10 * n, 'louder', undefined, { turn: 't2' }),
        about('reaction', 'up', 1000, { user: 'u-1', kind: 'thumbs-up' }),
        about('reaction', 'love', 2000, { user: 'u-2', kind: 'love' }),
        ...(n === 6 ? [about('outcome', 'failed', 2500, { name: 'success', value: false })] : []),
        ...(n % 2 === 0
          ? [
              about('reaction', 'up-not', 3000, { user: 'u-1', kind: 'thumbs-up', retracts: 'up' }),
              // Nobody takes back what another gave.
              about('reaction', 'love-not', 4000, { user: 'u-1', kind: 'love', retracts: 'love' }),
            ]
          : []),
      ]),
    );
    const store = new WarehouseSessionStore(warehouse);
    await store.apply({
      filed: sessions.flatMap((own, n) =>
        own.map((event) => ({
          ...filed(tenant, event),
          ...(n < 4 && { eventName: '' }),
          ...(event.event.id === 's4-up-not' && { receivedAtMs: NINE + 1 }),
        })),
      ),
      deadLetters: [],
      derived: [
        ...sessions.map((own) => derived(tenant, own)),
        derived(tenantId('other'), eventsOf('x', [turn(1, 'hm', 'Yes.')])),
      ],
    });
  });
  afterAll(() => warehouse.close());

  it('tells who has turns', async () => {
    expect(await log.tenants()).toEqual(['other', 'shop']);
  });

  it('reads turns after a moment, as many as are wanted of sessions at random, the same each time, in time order', async () => {
    const at = async (sinceMs: number, most: number): Promise<readonly string[]> =>
      (await log.recent(tenant, 'answer', sinceMs, most)).map(({ session, turn: id }) => `${session} ${id}`);
    const [all, some] = [await at(0, 100), await at(0, 3)];
    expect(some).toHaveLength(3);
    expect(all.filter((one) => some.includes(one))).toEqual(some);
    expect(await at(0, 3)).toEqual(some);
    expect(await at(NINE + 71 * 60_000, 100)).toEqual(['s7 t2']);
    expect(all).toHaveLength(16);
    expect(await at(NINE + 72 * 60_000, 100)).toEqual([]);
  });

  const retractedSince = async (sinceMs: number): Promise<readonly RetractedTurn[]> => {
    const found: RetractedTurn[] = [];
    for await (const some of log.retracted(tenant, sinceMs)) found.push(...some);
    return found;
  };

  const failed = expect.objectContaining({ event: 's6-failed', kind: 'outcome.failed' }) as unknown;

  it('reads the turns of which reactions are taken back, with what stands of them by either reading', async () => {
    const love = expect.objectContaining({ kind: 'love' }) as unknown;
    expect(await retractedSince(NINE - 1)).toEqual(
      ['s0', 's2', 's4', 's6'].map((session) => ({
        ...{ session, turn: 't1', retracted: [{ event: `${session}-up`, kind: 'thumbs-up' }] },
        standing: { answer: [love], aftermath: [session === 's6' ? failed : love] },
      })),
    );
  });

  it('reads none of those that were taken back by what was received before', async () => {
    expect((await retractedSince(NINE)).map(({ session }) => session)).toEqual(['s4']);
  });
});
