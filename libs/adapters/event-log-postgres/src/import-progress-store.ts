import type { ImportProgress } from '@heed/events';
import type { TenantId } from '@heed/kernel';
import type { Postgres } from '@heed/postgres';
import { toStorable } from './storable-text.ts';

/** Import progress beside the log it speaks of, so that both are there after a crash or neither. */
export class ImportProgressStore implements ImportProgress {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async get(tenant: TenantId, fingerprint: string): Promise<number> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<{ records: number }>(
        'SELECT records FROM import_progress WHERE tenant = $1 AND fingerprint = $2',
        [toStorable(tenant), toStorable(fingerprint)],
      ),
    );
    return rows[0]?.records ?? 0;
  }

  async set(tenant: TenantId, fingerprint: string, records: number): Promise<void> {
    await this.#postgres.orFault(
      this.#postgres.pool.query(
        `INSERT INTO import_progress (tenant, fingerprint, records) VALUES ($1, $2, $3)
          ON CONFLICT (tenant, fingerprint) DO UPDATE SET records = excluded.records`,
        [toStorable(tenant), toStorable(fingerprint), records],
      ),
    );
  }
}
