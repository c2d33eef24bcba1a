import { tenantId } from '@heed/kernel';
import type { DrawnHorizons, Horizon, RetentionStore } from '@heed/retention';
import { beforeAll, describe, expect, it } from 'vitest';

const DAY_MS = 86_400_000;
const MARCH = Date.UTC(2026, 2, 1);

/** The end of a day of March 2026, drawn by a rule of 30 days. */
function upTo(day: number): Horizon {
  const horizonMs = MARCH + day * DAY_MS;
  return { horizonMs, untilMs: horizonMs + 30 * DAY_MS, days: 30 };
}

/** What every store of rules and horizons must do. The store is opened once; each test has a tenant of its own. */
export function retentionStoreContract(
  name: string,
  open: () => Promise<RetentionStore & DrawnHorizons>,
): void {
  describe(`${name} as RetentionStore`, () => {
    let store: RetentionStore & DrawnHorizons;
    let tenants = 0;
    const aTenant = () => tenantId(`retained-${String(tenants++)}`);
    beforeAll(async () => {
      store = await open();
    });

    it('knows of each tenant what was said last, for ever included', async () => {
      const [tenant, other] = [aTenant(), aTenant()];
      expect(await store.rule(tenant)).toBeUndefined();
      await store.setRule(tenant, { days: 90, atMs: MARCH, who: 'mia' });
      await store.setRule(other, { days: 7, atMs: MARCH, who: 'ben' });
      await store.setRule(tenant, { days: null, atMs: MARCH + 1, who: 'ben' });
      expect(await store.rule(tenant)).toEqual({ days: null, atMs: MARCH + 1, who: 'ben' });
      expect(await store.rule(other)).toEqual({ days: 7, atMs: MARCH, who: 'ben' });
    });

    it('keeps the horizons of each tenant, oldest first, and none that is no later than the last', async () => {
      const [tenant, other] = [aTenant(), aTenant()];
      await store.record(tenant, upTo(3), MARCH);
      await store.record(tenant, { ...upTo(3), days: 7 }, MARCH + 1);
      await store.record(tenant, upTo(2), MARCH + 2);
      await store.record(other, upTo(2), MARCH + 3);
      await store.record(tenant, upTo(5), MARCH + 4);
      const horizons = await store.horizons();
      expect(horizons.get(tenant)).toEqual([upTo(3), upTo(5)]);
      expect(horizons.get(other)).toEqual([upTo(2)]);
    });

    it('tells the latest horizon that was drawn at a moment or later', async () => {
      const [tenant, other] = [aTenant(), aTenant()];
      await store.record(tenant, upTo(1), MARCH + 10);
      await store.record(tenant, upTo(4), MARCH + 20);
      await store.record(other, upTo(9), MARCH + 30);
      expect(await store.drawnSince(tenant, MARCH)).toBe(upTo(4).horizonMs);
      expect(await store.drawnSince(tenant, MARCH + 20)).toBe(upTo(4).horizonMs);
      expect(await store.drawnSince(tenant, MARCH + 21)).toBeNull();
    });

    it('tells none of a tenant that has none, nor one that was not drawn again', async () => {
      const tenant = aTenant();
      expect(await store.drawnSince(tenant, 0)).toBeNull();
      await store.record(tenant, upTo(4), MARCH + 10);
      await store.record(tenant, upTo(4), MARCH + 20);
      expect(await store.drawnSince(tenant, MARCH + 11)).toBeNull();
      expect(await store.drawnSince(tenant, MARCH + 10)).toBe(upTo(4).horizonMs);
    });
  });
}
