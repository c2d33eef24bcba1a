import { tenantId, type TenantId } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import type { WarehouseExpiry } from '@heed/retention';
import { inMemoryRetentionStore } from '@heed/testing';
import { expect, it, vi } from 'vitest';
import { Retention } from './retention.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 31, 15);

it('goes on with the other tenants when one fails, and says which', async () => {
  const [first, broken, last] = ['a', 'b', 'c'].map(tenantId);
  const expired: (TenantId | undefined)[] = [];
  const warehouse: WarehouseExpiry = {
    newestReceivedMs: () => Promise.resolve(NOW),
    receivedDaysMs: () => Promise.resolve([NOW]),
    expire: (tenant) => {
      expired.push(tenant);
      if (tenant === broken) return Promise.reject(new Error('its rows cannot be deleted'));
      return Promise.resolve({ sessions: 0, deadLetters: 0, entries: 0 });
    },
  };
  const journal: string[] = [];
  const counts = [first, broken, last].flatMap((tenant) =>
    tenant === undefined ? [] : [{ tenant, accepted: 1, deadLettered: 0 }],
  );
  const retention = new Retention({
    log: { counts: () => Promise.resolve(counts) },
    store: inMemoryRetentionStore(),
    warehouse,
    chains: { recount: () => Promise.resolve([]) },
    whilePaused: (work) => work(),
    clock: { nowMs: () => NOW },
    journal: jsonLog('error', (line) => journal.push(line)),
    settings: { days: 30, everyMs: DAY },
  });
  retention.start();
  await vi.waitUntil(() => expired.includes(last));
  await retention.stop();
  expect(expired).toEqual([first, broken, last]);
  expect(journal.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      ...{ event: 'retention-failed', tenant: 'b', message: 'its rows cannot be deleted' },
    }),
  ]);
});

it('says of a tenant of which nothing was removed so far from when on everything would go', async () => {
  const tenant = tenantId('shop');
  const unused = (): Promise<never> => Promise.reject(new Error('nothing is removed here'));
  const retention = new Retention({
    log: { counts: unused },
    store: inMemoryRetentionStore(),
    warehouse: {
      newestReceivedMs: () => Promise.resolve(NOW),
      receivedDaysMs: () => Promise.resolve([NOW - 200 * DAY, NOW - 10 * DAY]),
      expire: unused,
    },
    chains: { recount: unused },
    whilePaused: unused,
    clock: { nowMs: () => NOW },
    journal: jsonLog('error', () => undefined),
    settings: { days: 30, everyMs: DAY },
  });
  const [problem] = await retention.problems([tenant]);
  expect(problem?.what).toBe(
    'Tenant shop: its retention is about to remove everything from before 2026-03-01 (so far: nothing). That is over more than 31 days at once, which it does not do by itself.',
  );
  expect(problem?.do).toContain('heed retention apply --tenant shop');
});
