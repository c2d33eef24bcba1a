import { tenantId, type TenantId } from '@heed/kernel';
import type { Postgres } from '@heed/postgres';
import type { DrawnHorizons, Horizon, RetentionStore } from '@heed/retention';

interface RuleRow {
  readonly days: number | null;
  readonly at_ms: number;
  readonly who: string;
}

interface HorizonRow {
  readonly tenant: string;
  readonly horizon_ms: number;
  readonly until_ms: number;
  readonly days: number;
}

/** Rules and horizons in the tables `retention_rule` and `retention_horizon`. */
export function postgresRetentionStore(postgres: Postgres): RetentionStore & DrawnHorizons {
  const { pool } = postgres;
  return {
    rule: async (tenant) => {
      const { rows } = await postgres.orFault(
        pool.query<RuleRow>('SELECT days, at_ms, who FROM retention_rule WHERE tenant = $1', [tenant]),
      );
      return rows[0] && { days: rows[0].days, atMs: rows[0].at_ms, who: rows[0].who };
    },
    setRule: async (tenant, { days, atMs, who }) => {
      await postgres.orFault(
        pool.query(
          `INSERT INTO retention_rule (tenant, days, at_ms, who) VALUES ($1, $2, $3, $4)
           ON CONFLICT (tenant) DO UPDATE SET days = excluded.days, at_ms = excluded.at_ms, who = excluded.who`,
          [tenant, days, atMs, who],
        ),
      );
    },
    horizons: async () => {
      const { rows } = await postgres.orFault(
        pool.query<HorizonRow>(
          'SELECT tenant, horizon_ms, until_ms, days FROM retention_horizon ORDER BY tenant, horizon_ms',
        ),
      );
      return new Map<TenantId, readonly Horizon[]>(
        [...Map.groupBy(rows, ({ tenant }) => tenantId(tenant))].map(([tenant, own]) => [
          tenant,
          own.map(({ horizon_ms: horizonMs, until_ms: untilMs, days }) => ({ horizonMs, untilMs, days })),
        ]),
      );
    },
    drawnSince: async (tenant, atMs) => {
      const { rows } = await postgres.orFault(
        pool.query<{ horizon_ms: number | null }>(
          'SELECT max(horizon_ms) AS horizon_ms FROM retention_horizon WHERE tenant = $1 AND recorded_ms >= $2',
          [tenant, atMs],
        ),
      );
      return rows[0]?.horizon_ms ?? null;
    },
    record: async (tenant, { horizonMs, untilMs, days }, atMs) => {
      await postgres.orFault(
        pool.query(
          `INSERT INTO retention_horizon (tenant, horizon_ms, until_ms, days, recorded_ms)
           SELECT $1, $2::bigint, $3, $4, $5
           WHERE NOT EXISTS (SELECT FROM retention_horizon WHERE tenant = $1 AND horizon_ms >= $2::bigint)
           ON CONFLICT DO NOTHING`,
          [tenant, horizonMs, untilMs, days, atMs],
        ),
      );
    },
  };
}
