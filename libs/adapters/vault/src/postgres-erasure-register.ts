import { hash } from 'node:crypto';
import type {
  AskedErasure,
  ErasedSeals,
  ErasureReach,
  ErasureRegister,
  ErasureResult,
  PendingErasure,
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
}

/** In the vault's database, so that a key is destroyed in the transaction that says why. */
export class PostgresErasureRegister implements ErasureRegister {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async note(erasures: readonly AskedErasure[]): Promise<void> {
    if (erasures.length === 0) return;
    await this.#transaction(async (client) => {
      for (const { tenant, key, user, receivedAtMs } of erasures) {
        const subject = subjectHash({ kind: 'user', tenant, id: user });
        const { rowCount } = await client.query(
          'INSERT INTO erasure (id, tenant, subject, up_to_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          [idOf(tenant, key), tenant, subject, receivedAtMs],
        );
        // Known before, however far it has come: a log that is read again must not take what came since.
        if (rowCount !== 0) await destroyKeys(client, tenant, [subject], receivedAtMs);
      }
    });
  }

  async pending(atMost: number): Promise<readonly PendingErasure[]> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<PendingRow>(
        'SELECT id, tenant, up_to_ms, reach FROM erasure WHERE result IS NULL ORDER BY noted_at, id LIMIT $1',
        [atMost],
      ),
    );
    return rows.map(({ id, tenant, up_to_ms: upToMs, reach }) => ({
      ...{ id, tenant: tenantId(tenant), upToMs },
      reach: reach === null ? null : storedReach.parse(JSON.parse(reach)),
    }));
  }

  async noteReach({ id }: PendingErasure, reach: ErasureReach): Promise<void> {
    await this.#set(id, 'reach', reach);
  }

  async destroySessionKeys(
    { tenant, upToMs }: PendingErasure,
    sessions: readonly SessionId[],
  ): Promise<void> {
    if (sessions.length === 0) return;
    await this.#transaction((client) => destroyKeys(client, tenant, sessionHashes(tenant, sessions), upToMs));
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

  async resultOf({ tenant, key }: Pick<AskedErasure, 'tenant' | 'key'>): Promise<ErasureResult | null> {
    const { rows } = await this.#postgres.orFault(
      this.#postgres.pool.query<{ result: string | null }>('SELECT result FROM erasure WHERE id = $1', [
        idOf(tenant, key),
      ]),
    );
    const result = rows[0]?.result ?? null;
    return result === null ? null : storedResult.parse(JSON.parse(result));
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

async function destroyKeys(
  client: ClientBase,
  tenant: TenantId,
  subjects: readonly Buffer[],
  upToMs: number,
): Promise<void> {
  await client.query(
    `INSERT INTO erased_subject (subject, tenant, up_to_ms) SELECT DISTINCT unnest($1::bytea[]), $2, $3::bigint
      ON CONFLICT (subject) DO UPDATE SET up_to_ms = greatest(erased_subject.up_to_ms, excluded.up_to_ms)`,
    [subjects, tenant, upToMs],
  );
  await client.query(
    `UPDATE user_key SET bytes = NULL, destroyed_at = clock_timestamp()
      WHERE subject = ANY ($1::bytea[]) AND since_ms <= $2 AND bytes IS NOT NULL`,
    [subjects, upToMs],
  );
}

function sessionHashes(tenant: TenantId, sessions: readonly SessionId[]): readonly Buffer[] {
  return sessions.map((id) => subjectHash({ kind: 'session', tenant, id }));
}

/** Of fixed length, whatever the key is. */
function idOf(tenant: TenantId, key: string): string {
  return hash('sha256', Buffer.from(`${tenant}\0${key}`, 'utf16le'), 'base64url');
}
