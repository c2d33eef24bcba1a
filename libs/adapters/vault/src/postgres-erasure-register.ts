import { hash } from 'node:crypto';
import {
  LONGEST_RETRY_MS,
  type AskedErasure,
  type ErasedSeals,
  type ErasureFailure,
  type ErasureReach,
  type ErasureRecord,
  type ErasureRegister,
  type ErasureResult,
  type PendingErasure,
} from '@heed/events';
import { sessionId, tenantId, type SessionId, type TenantId } from '@heed/kernel';
import { inTransaction, type Postgres } from '@heed/postgres';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { sealOfUnsealed, subjectHash } from './subject-hash.ts';

const storedReach = z.object({
  sessions: z.array(z.string().transform(sessionId)),
  fixes: z.array(z.string()),
});
const storedResult = z.object({
  events: z.number(),
  sessions: z.number(),
  labels: z.number(),
  fixesMarkedStale: z.array(z.string()),
  modelsMarkedStale: z.array(z.string()),
});

interface SealRow {
  readonly subject: Buffer;
  readonly id: string | null;
  readonly destroyed: boolean;
}

interface PendingRow {
  readonly id: string;
  readonly tenant: string;
  readonly up_to_ms: number;
  readonly reach: string | null;
  readonly tries: number;
}

interface RecordRow extends Pick<PendingRow, 'id' | 'up_to_ms' | 'tries'> {
  readonly why: string | null;
  readonly again_ms: number | null;
  readonly result: string | null;
}

/** The clocks of collectors may be so far apart: who came back later than that, by any clock, came back. */
const CLOCKS_APART_MS = 86_400_000;

/** In the vault's database, so that a key is destroyed in the transaction that says why. */
export class PostgresErasureRegister implements ErasureRegister {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async note(erasures: readonly AskedErasure[]): Promise<void> {
    if (erasures.length === 0) return;
    await this.#transaction(async (client) => {
      for (const { tenant, key, user, receivedAtMs, isAskedNow = false } of erasures) {
        const subject = subjectHash({ kind: 'user', tenant, id: user });
        const keysUpToMs = isAskedNow ? Number.MAX_SAFE_INTEGER : receivedAtMs + CLOCKS_APART_MS;
        const { rowCount } = await client.query(
          `INSERT INTO erasure (id, tenant, subject, up_to_ms, keys_up_to_ms) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO UPDATE SET keys_up_to_ms = excluded.keys_up_to_ms
              WHERE $6 AND erasure.keys_up_to_ms < excluded.keys_up_to_ms`,
          [idOf(tenant, key), tenant, subject, receivedAtMs, keysUpToMs, isAskedNow],
        );
        // Known before, however far it has come: a log that is read again must not take what came since. A projector that was quicker than who asks
        // has noted it by the log alone.
        if (rowCount !== 0)
          await destroyKeys(client, tenant, [subject], { upToMs: receivedAtMs, keysUpToMs });
      }
    });
  }

  async pending(atMost: number, nowMs?: number): Promise<readonly PendingErasure[]> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<PendingRow>(
        // Nobody waits longer than the longest: then it was noted by a clock that was ahead.
        `SELECT id, tenant, up_to_ms, reach, tries FROM erasure
          WHERE result IS NULL
            AND ($2::bigint IS NULL OR again_ms IS NULL OR again_ms NOT BETWEEN $2::bigint + 1 AND $2::bigint + $3::bigint)
          ORDER BY tries, noted_at, id LIMIT $1`,
        [atMost, nowMs ?? null, LONGEST_RETRY_MS],
      ),
    );
    return rows.map(erasureIn);
  }

  async byIds(tenant: TenantId, ids: readonly string[]): Promise<readonly PendingErasure[]> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<PendingRow>(
        'SELECT id, tenant, up_to_ms, reach, tries FROM erasure WHERE tenant = $1 AND id = ANY ($2) ORDER BY noted_at, id',
        [tenant, ids],
      ),
    );
    return rows.map(erasureIn);
  }

  async firstReceivedMs({ id }: PendingErasure): Promise<number | null> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<{ since_ms: number | null }>(
        'SELECT min(since_ms) AS since_ms FROM user_key JOIN erasure USING (subject) WHERE erasure.id = $1',
        [id],
      ),
    );
    return rows[0]?.since_ms ?? null;
  }

  async noteReach({ id }: PendingErasure, reach: ErasureReach): Promise<void> {
    await this.#set(id, 'reach', reach);
  }

  async destroySessionKeys(
    { id, tenant, upToMs }: PendingErasure,
    sessions: readonly SessionId[],
  ): Promise<void> {
    if (sessions.length === 0) return;
    await this.#transaction(async (client) => {
      const { rows } = await client.query<{ keys_up_to_ms: number; noted_at: string }>(
        `UPDATE erasure SET session_keys_gone = true WHERE id = $1 AND NOT session_keys_gone
          RETURNING coalesce(keys_up_to_ms, up_to_ms) AS keys_up_to_ms, noted_at::text`,
        [id],
      );
      const [first] = rows;
      if (first === undefined) return;
      const upTo = { upToMs, keysUpToMs: first.keys_up_to_ms, madeUpTo: first.noted_at };
      await destroyKeys(client, tenant, sessionHashes(tenant, sessions), upTo);
    });
  }

  async seals({ id, tenant, upToMs }: PendingErasure, sessions: readonly SessionId[]): Promise<ErasedSeals> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<SealRow>(
        `SELECT subject, user_key.id, bytes IS NULL AS destroyed
          FROM (SELECT subject FROM erasure WHERE id = $1 UNION SELECT unnest($2::bytea[])) taken
          LEFT JOIN user_key USING (subject)`,
        [id, sessionHashes(tenant, sessions)],
      ),
    );
    const keys = (destroyed: boolean): readonly string[] =>
      rows.flatMap((row) => (row.id !== null && row.destroyed === destroyed ? [row.id] : []));
    const unsealed = rows.map(({ subject }) => sealOfUnsealed(subject));
    return { destroyed: keys(true), dated: [...new Set(unsealed), ...keys(false)], upToMs };
  }

  async finish({ id }: PendingErasure, result: ErasureResult): Promise<void> {
    await this.#set(id, 'result', result);
  }

  async noteFailure({ id }: PendingErasure, { why, againMs }: ErasureFailure): Promise<void> {
    await this.#postgres.orFault(
      this.#postgres.pool.query(
        'UPDATE erasure SET tries = tries + 1, why = $2, again_ms = $3 WHERE id = $1',
        [id, why, againMs],
      ),
    );
  }

  async recordOf({ tenant, key }: Pick<AskedErasure, 'tenant' | 'key'>): Promise<ErasureRecord | null> {
    const [record] = await this.#records('id = $1', [idOf(tenant, key)]);
    return record ?? null;
  }

  list(tenant: TenantId, atMost: number): Promise<readonly ErasureRecord[]> {
    return this.#records('tenant = $1 ORDER BY (result IS NULL) DESC, noted_at DESC, id LIMIT $2', [
      tenant,
      atMost,
    ]);
  }

  /** By a lock that goes when the process does, however it ends. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    const client = await this.#postgres.orFault(this.#postgres.pool.connect());
    let lost = false;
    const noteLoss = (): void => {
      lost = true;
    };
    client.on('error', noteLoss);
    try {
      const { rows } = await this.#postgres.orFault(
        client.query<{ taken: boolean }>(
          "SELECT pg_try_advisory_lock(hashtextextended('heed erasures', 0)) AS taken",
        ),
      );
      if (rows[0]?.taken !== true) return false;
      await work();
      return true;
    } finally {
      client.off('error', noteLoss);
      await client.query('SELECT pg_advisory_unlock_all()').catch(noteLoss);
      client.release(lost);
    }
  }

  async #records(which: string, values: readonly unknown[]): Promise<readonly ErasureRecord[]> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<RecordRow>(
        `SELECT id, up_to_ms, tries, why, again_ms, result FROM erasure WHERE ${which}`,
        [...values],
      ),
    );
    return rows.map(({ id, up_to_ms: upToMs, tries, why, again_ms: againMs, result }) => ({
      ...{ id, upToMs, tries },
      failure: result !== null || why === null || againMs === null ? null : { why, againMs },
      result: result === null ? null : storedResult.parse(JSON.parse(result)),
    }));
  }

  async #set(id: string, column: 'reach' | 'result', value: unknown): Promise<void> {
    await this.#postgres.orFault(
      this.#postgres.pool.query(`UPDATE erasure SET ${column} = $2 WHERE id = $1`, [
        id,
        JSON.stringify(value),
      ]),
    );
  }

  #transaction<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    return this.#postgres.orFault(inTransaction(this.#postgres.pool, work));
  }
}

function erasureIn({ id, tenant, up_to_ms: upToMs, reach, tries }: PendingRow): PendingErasure {
  return {
    ...{ id, tenant: tenantId(tenant), upToMs, tries },
    reach: reach === null ? null : storedReach.parse(JSON.parse(reach)),
  };
}

async function destroyKeys(
  client: ClientBase,
  tenant: TenantId,
  subjects: readonly Buffer[],
  {
    upToMs,
    keysUpToMs,
    madeUpTo = null,
  }: { readonly upToMs: number; readonly keysUpToMs: number; readonly madeUpTo?: string | null },
): Promise<void> {
  await client.query(
    `INSERT INTO erased_subject (subject, tenant, up_to_ms) SELECT DISTINCT unnest($1::bytea[]), $2, $3::bigint
      ON CONFLICT (subject) DO UPDATE SET up_to_ms = greatest(erased_subject.up_to_ms, excluded.up_to_ms)`,
    [subjects, tenant, upToMs],
  );
  await client.query(
    `UPDATE user_key SET bytes = NULL, destroyed_at = clock_timestamp()
      WHERE subject = ANY ($1::bytea[]) AND since_ms <= $2 AND bytes IS NOT NULL
        AND ($3::timestamptz IS NULL OR made_at IS NULL OR made_at <= $3::timestamptz)`,
    [subjects, keysUpToMs, madeUpTo],
  );
}

function sessionHashes(tenant: TenantId, sessions: readonly SessionId[]): readonly Buffer[] {
  return sessions.map((id) => subjectHash({ kind: 'session', tenant, id }));
}

/** Of fixed length, whatever the key is. */
function idOf(tenant: TenantId, key: string): string {
  return hash('sha256', Buffer.from(`${tenant}\0${key}`, 'utf16le'), 'base64url');
}
