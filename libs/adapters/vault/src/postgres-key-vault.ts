import { setTimeout as delay } from 'node:timers/promises';
import type { DataSubject } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { inTransaction, type Postgres } from '@heed/postgres';
import { KeyCache } from './key-cache.ts';
import type { KeptKey, KeyVault, WantedKey } from './key-vault.ts';
import { destroyedSince, forgottenUpTo, liveKeys, lookUpKeys, makeKeys } from './key-statements.ts';
import { subjectHash } from './subject-hash.ts';
import { freshKeyBytes, freshKeyId, subjectKey, type SubjectKey } from './subject-key.ts';

/** Keys held in memory: some 60 MB. */
const HELD = 100_000;

/** How long after it began a transaction that destroys a key may still be waiting for its commit to be seen. */
const LATE_SECONDS = 60;

/** The keys in PostgreSQL, where the decisions are. */
export class PostgresKeyVault implements KeyVault {
  readonly #postgres: Postgres;
  readonly #cache: KeyCache;
  /** By the database's clock, as it writes it. */
  #readUpTo: string | undefined;

  constructor(postgres: Postgres, held = HELD) {
    this.#postgres = postgres;
    this.#cache = new KeyCache(held);
  }

  async keysFor(wanted: readonly WantedKey[]): Promise<readonly SubjectKey[]> {
    const found = wanted.map(({ subject, sinceMs }) => this.#cached(subject, sinceMs));
    const missing = wanted.filter((_, index) => found[index] === undefined);
    const read = missing.length === 0 ? [] : await this.#postgres.orFault(this.#read(missing));
    let next = 0;
    return found.map((key) => {
      const one = key ?? read[next++];
      if (one === undefined) throw new Error('the vault gave fewer keys than it was asked for');
      return one;
    });
  }

  lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>> {
    return this.#postgres.orFault(this.#lookUp(ids));
  }

  forgottenUpTo(subjects: readonly DataSubject[]): Promise<readonly (number | undefined)[]> {
    return this.#postgres.orFault(forgottenUpTo(this.#postgres.pool, subjects.map(subjectHash)));
  }

  async removeTenant(tenant: TenantId): Promise<void> {
    const destroyed = await this.#postgres.orFault(
      inTransaction(this.#postgres.pool, async (client) => {
        await client.query('DELETE FROM erasure WHERE tenant = $1', [tenant]);
        await client.query('DELETE FROM erased_subject WHERE tenant = $1', [tenant]);
        const { rows } = await client.query<{ id: string }>(
          `UPDATE user_key SET bytes = NULL, destroyed_at = clock_timestamp()
            WHERE tenant = $1 AND bytes IS NOT NULL RETURNING id`,
          [tenant],
        );
        return rows.map(({ id }) => id);
      }),
    );
    this.#cache.forget(destroyed);
  }

  /** Stops using what was destroyed, wherever that was done. */
  async refresh(): Promise<void> {
    const { pool } = this.#postgres;
    const { now, ids } = await this.#postgres.orFault(destroyedSince(pool, this.#readUpTo, LATE_SECONDS));
    this.#readUpTo = now;
    this.#cache.forget(ids);
  }

  /** Refreshes again and again, `everyMs` after the time before, until `stopping`: then resolves. */
  async keepReading(
    everyMs: number,
    stopping: AbortSignal,
    onFault: (fault: unknown) => void,
  ): Promise<void> {
    const waited = { signal: stopping, ref: false };
    const isOver = (): Promise<boolean> => delay(everyMs, false, waited).catch(() => true);
    while (!(await isOver())) {
      try {
        await this.refresh();
      } catch (fault) {
        if (!stopping.aborted) onFault(fault);
      }
    }
  }

  #cached(subject: DataSubject, sinceMs: number): SubjectKey | undefined {
    const cached = this.#cache.find(subject);
    return cached !== undefined && cached.sinceMs <= sinceMs ? cached.key : undefined;
  }

  async #read(missing: readonly WantedKey[]): Promise<readonly SubjectKey[]> {
    const { pool } = this.#postgres;
    // Before the first key is held: what is destroyed from now on is looked for.
    this.#readUpTo ??= (await destroyedSince(pool, undefined, LATE_SECONDS)).now;
    const wanted = missing.map(({ subject, sinceMs }) => ({ subject, sinceMs, hash: subjectHash(subject) }));
    const there = await liveKeys(
      pool,
      wanted.map(({ hash }) => hash),
    );
    const toMake = wanted.filter(({ hash, sinceMs }) => {
      const found = there.get(hash.toString('hex'));
      return found === undefined || found.sinceMs > sinceMs;
    });
    const made =
      toMake.length === 0
        ? there
        : await makeKeys(
            pool,
            toMake.map(({ subject: { tenant, kind }, sinceMs, hash }) => ({
              ...{ tenant, kind, sinceMs, hash },
              ...{ id: freshKeyId(), bytes: freshKeyBytes() },
            })),
          );
    return wanted.map(({ subject, hash }) => {
      const row = made.get(hash.toString('hex')) ?? there.get(hash.toString('hex'));
      if (row === undefined) throw new Error('a key was made and is not there');
      const key = subjectKey(row.id, row.bytes);
      this.#cache.add(subject, { key, sinceMs: row.sinceMs });
      return key;
    });
  }

  async #lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>> {
    const rows = await lookUpKeys(this.#postgres.pool, ids);
    return new Map(
      rows.map(({ id, tenant, bytes, up_to_ms: upToMs }) => [
        id,
        {
          tenant: tenantId(tenant),
          key: bytes && subjectKey(id, bytes),
          forgottenUpToMs: upToMs ?? undefined,
        },
      ]),
    );
  }
}
