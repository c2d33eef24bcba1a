import { setTimeout as delay } from 'node:timers/promises';
import type { DataSubject } from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import { inTransaction, type Postgres } from '@heed/postgres';
import { KeyCache } from './key-cache.ts';
import type { KeptKey, KeyVault, WantedKey } from './key-vault.ts';
import { destroyedSince, forgottenUpTo, liveKeys, lookUpKeys, makeKeys } from './key-statements.ts';
import { subjectHash } from './subject-hash.ts';
import { freshKeyBytes, freshKeyId, openingKey, sealingKey, type SealingKey } from './subject-key.ts';

/** Keys held in memory: some 120 MB. */
const HELD = 50_000;

/** What nobody could confirm for so long is used no more: it may have been destroyed meanwhile. */
const UNCONFIRMED_MS = 30_000;

/** How long after it began a transaction that destroys a key may still be waiting for its commit to be seen. */
const LATE_SECONDS = 60;

/** The keys in PostgreSQL, where the decisions are. */
export class PostgresKeyVault implements KeyVault {
  readonly #postgres: Postgres;
  readonly #held: number;
  readonly #nowMs: () => number;
  #cache: KeyCache;
  /** When the database last said which keys are destroyed, by `nowMs`. */
  #confirmedMs: number;
  /** By the database's clock, as it writes it. */
  #readUpTo: string | undefined;

  /**
   * @param held keys held in memory
   * @param nowMs milliseconds that pass whatever the machine's clock does
   */
  constructor(postgres: Postgres, held = HELD, nowMs = (): number => performance.now()) {
    this.#postgres = postgres;
    this.#held = held;
    this.#nowMs = nowMs;
    this.#cache = new KeyCache(held);
    this.#confirmedMs = nowMs();
  }

  async keysFor(wanted: readonly WantedKey[]): Promise<readonly SealingKey[]> {
    this.#dropUnconfirmed();
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
    const askedMs = this.#nowMs();
    const { now, ids } = await this.#postgres.orFault(destroyedSince(pool, this.#readUpTo, LATE_SECONDS));
    this.#readUpTo = now;
    this.#cache.forget(ids);
    this.#confirmedMs = askedMs;
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

  /** A database that is out of reach may have been told to forget somebody by another process. */
  #dropUnconfirmed(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#confirmedMs <= UNCONFIRMED_MS) return;
    this.#cache = new KeyCache(this.#held);
    this.#confirmedMs = nowMs;
  }

  #cached(subject: DataSubject, sinceMs: number): SealingKey | undefined {
    const cached = this.#cache.find(subject);
    return cached !== undefined && cached.sinceMs <= sinceMs ? cached.key : undefined;
  }

  async #read(missing: readonly WantedKey[]): Promise<readonly SealingKey[]> {
    const { pool } = this.#postgres;
    // Before the first key is held: what is destroyed from now on is looked for.
    this.#readUpTo ??= (await destroyedSince(pool, undefined, LATE_SECONDS)).now;
    const hashes = missing.map(({ subject }) => subjectHash(subject));
    const names = hashes.map((hash) => hash.toString('hex'));
    const wanted = firstOfEach(missing, hashes, names);
    const there = await liveKeys(
      pool,
      [...wanted.values()].map(({ hash }) => hash),
    );
    const toMake = [...wanted].flatMap(([name, { subject, sinceMs, hash }]) => {
      const found = there.get(name);
      if (found !== undefined && found.sinceMs <= sinceMs) return [];
      const { tenant, kind } = subject;
      return [{ tenant, kind, sinceMs, hash, id: freshKeyId(), bytes: freshKeyBytes() }];
    });
    const made = toMake.length === 0 ? there : await makeKeys(pool, toMake);
    const keys = new Map<string, SealingKey>();
    for (const [name, { subject }] of wanted) {
      const row = made.get(name) ?? there.get(name);
      if (row === undefined) throw new Error('a key was made and is not there');
      const key = sealingKey(row.id, row.bytes);
      this.#cache.add(subject, { key, sinceMs: row.sinceMs });
      keys.set(name, key);
    }
    return names.flatMap((name) => keys.get(name) ?? []);
  }

  async #lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, KeptKey>> {
    const rows = await lookUpKeys(this.#postgres.pool, ids);
    return new Map(
      rows.map(({ id, tenant, bytes, up_to_ms: upToMs }) => [
        id,
        {
          tenant: tenantId(tenant),
          key: bytes && openingKey(id, bytes),
          forgottenUpToMs: upToMs ?? undefined,
        },
      ]),
    );
  }
}

/** Each subject once, by its hash in hexadecimal, from its earliest event on. */
function firstOfEach(
  missing: readonly WantedKey[],
  hashes: readonly Buffer[],
  names: readonly string[],
): ReadonlyMap<string, WantedKey & { readonly hash: Buffer }> {
  const first = new Map<string, WantedKey & { readonly hash: Buffer }>();
  for (const [index, name] of names.entries()) {
    const [wanted, hash] = [missing[index], hashes[index]];
    if (wanted === undefined || hash === undefined) continue;
    if (wanted.sinceMs < (first.get(name)?.sinceMs ?? Infinity)) first.set(name, { ...wanted, hash });
  }
  return first;
}
