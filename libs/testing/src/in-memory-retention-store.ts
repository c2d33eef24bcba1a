import type { TenantId } from '@heed/kernel';
import type { DrawnHorizons, Horizon, RetentionRule, RetentionStore } from '@heed/retention';

interface Drawn {
  readonly horizon: Horizon;
  readonly atMs: number;
}

/** Rules and horizons by tenant. */
export function inMemoryRetentionStore(): RetentionStore & DrawnHorizons {
  const rules = new Map<TenantId, RetentionRule>();
  const drawn = new Map<TenantId, readonly Drawn[]>();
  const of = (tenant: TenantId): readonly Drawn[] => drawn.get(tenant) ?? [];
  return {
    rule: (tenant) => Promise.resolve(rules.get(tenant)),
    setRule: (tenant, rule) => {
      rules.set(tenant, rule);
      return Promise.resolve();
    },
    horizons: () =>
      Promise.resolve(
        new Map([...drawn].map(([tenant, own]) => [tenant, own.map(({ horizon }) => horizon)])),
      ),
    drawnSince: (tenant, sinceMs) => {
      const since = of(tenant).filter(({ atMs }) => atMs >= sinceMs);
      return Promise.resolve(since.at(-1)?.horizon.horizonMs ?? null);
    },
    record: (tenant, horizon, atMs) => {
      const last = of(tenant).at(-1);
      if (last === undefined || last.horizon.horizonMs < horizon.horizonMs)
        drawn.set(tenant, [...of(tenant), { horizon, atMs }]);
      return Promise.resolve();
    },
  };
}
