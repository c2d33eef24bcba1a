import { fileURLToPath } from 'node:url';
import { sessionId, tenantId } from '@heed/kernel';
import type { DeadLetterRow, SessionChanges } from '@heed/sessions';
import {
  readWarehouseMigrations,
  SqlWarehouseReader,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const tenant = tenantId('shop');
const session = sessionId('s');

describe('what the log has more than once', () => {
  let warehouse: Warehouse;
  let store: WarehouseSessionStore;
  beforeAll(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
    store = new WarehouseSessionStore(warehouse);
  });
  afterAll(() => warehouse.close());

  const apply = (changes: Partial<SessionChanges>): Promise<void> =>
    store.apply({ filed: [], derived: [], deadLetters: [], ...changes });
  const counted = async () => {
    const all = await new SqlWarehouseReader(warehouse).counts();
    const { deadLettered, notes, repeats } = all.find((counts) => counts.tenant === tenant) ?? {};
    return { deadLettered, notes, repeats };
  };

  it('is counted beside what is kept of it, and a batch that comes again adds nothing', async () => {
    const once: Partial<SessionChanges> = {
      deadLetters: [letter('!unreadable:a', 1), letter('!unreadable:b', 2)],
      redrives: [{ tenant, letter: '!unreadable:a', eventId: 'e-9', receivedAtMs: 3, position: 3 }],
    };
    await apply(once);
    await apply(once);
    expect(await counted()).toEqual({ deadLettered: 2, notes: 1, repeats: 0 });

    const again: Partial<SessionChanges> = {
      deadLetters: [letter('!unreadable:a', 7), letter('!unreadable:a', 8)],
      redrives: [{ tenant, letter: '!unreadable:a', eventId: 'e-9', receivedAtMs: 3, position: 9 }],
      repeated: [5, 11, 12].map((position) => ({ tenant, session, eventId: 'e-1', position })),
    };
    await apply(again);
    await apply(again);
    expect(await counted()).toEqual({ deadLettered: 2, notes: 1, repeats: 2 + 1 + 2 });
  });

  it('goes with its tenant', async () => {
    await new SqlWarehouseReader(warehouse).removeTenant(tenant);
    expect(await new SqlWarehouseReader(warehouse).counts()).toEqual([]);
  });
});

function letter(key: string, position: number): DeadLetterRow {
  return {
    tenant,
    key,
    reason: 'unreadable',
    detail: '',
    remedy: '',
    eventId: '',
    eventType: '',
    session: '',
    receivedAtMs: 1,
    position,
    body: key,
  };
}
