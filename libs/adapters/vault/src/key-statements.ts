import type { Pool } from 'pg';

export interface LiveKey {
  readonly id: string;
  readonly bytes: Buffer;
  readonly sinceMs: number;
}

export interface NewKey extends LiveKey {
  readonly tenant: string;
  readonly kind: string;
  readonly hash: Buffer;
}

interface LiveRow extends LiveKey {
  readonly subject: Buffer;
}

export interface KeptRow {
  readonly id: string;
  readonly tenant: string;
  readonly bytes: Buffer | null;
  readonly up_to_ms: number | null;
}

/** By the subject's hash in hexadecimal. */
export async function liveKeys(pool: Pool, hashes: readonly Buffer[]): Promise<ReadonlyMap<string, LiveKey>> {
  const { rows } = await pool.query<LiveRow>({
    name: 'vault-live-keys',
    text: `SELECT id, subject, bytes, since_ms AS "sinceMs"
      FROM unnest($1::bytea[]) AS wanted (subject) JOIN user_key USING (subject) WHERE bytes IS NOT NULL`,
    values: [hashes],
  });
  return bySubject(rows);
}

/**
 * Makes them in one statement, durable when it resolves. Where somebody else was quicker theirs counts, from the earlier of both times on. Sorted, so that two
 * who make the same ones wait for each other and do not lock each other out.
 */
export async function makeKeys(pool: Pool, keys: readonly NewKey[]): Promise<ReadonlyMap<string, LiveKey>> {
  const sorted = keys.toSorted((a, b) => a.hash.compare(b.hash));
  const { rows } = await pool.query<LiveRow>({
    name: 'vault-make-keys',
    text: `INSERT INTO user_key (id, tenant, kind, subject, bytes, since_ms)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[])
      ON CONFLICT (subject) WHERE bytes IS NOT NULL
        DO UPDATE SET since_ms = least(user_key.since_ms, excluded.since_ms)
      RETURNING id, subject, bytes, since_ms AS "sinceMs"`,
    values: [
      sorted.map(({ id }) => id),
      sorted.map(({ tenant }) => tenant),
      sorted.map(({ kind }) => kind),
      sorted.map(({ hash }) => hash),
      sorted.map(({ bytes }) => bytes),
      sorted.map(({ sinceMs }) => sinceMs),
    ],
  });
  return bySubject(rows);
}

export async function lookUpKeys(pool: Pool, ids: readonly string[]): Promise<readonly KeptRow[]> {
  const { rows } = await pool.query<KeptRow>({
    name: 'vault-look-up',
    text: `SELECT user_key.id, user_key.tenant, bytes, up_to_ms
      FROM unnest($1::text[]) AS wanted (id) JOIN user_key USING (id) LEFT JOIN erased_subject USING (subject)`,
    values: [ids],
  });
  return rows;
}

export async function forgottenUpTo(
  pool: Pool,
  hashes: readonly Buffer[],
): Promise<readonly (number | undefined)[]> {
  const { rows } = await pool.query<{ subject: Buffer; up_to_ms: number }>({
    name: 'vault-forgotten',
    text: `SELECT DISTINCT subject, up_to_ms FROM unnest($1::bytea[]) AS wanted (subject) JOIN erased_subject USING (subject)`,
    values: [hashes],
  });
  const upTo = new Map(rows.map(({ subject, up_to_ms }) => [subject.toString('hex'), up_to_ms]));
  return hashes.map((hash) => upTo.get(hash.toString('hex')));
}

/** Keys destroyed since that time, less `lateSeconds`; none without a time. `now` is what to ask with next. */
export async function destroyedSince(
  pool: Pool,
  since: string | undefined,
  lateSeconds: number,
): Promise<{ readonly now: string; readonly ids: readonly string[] }> {
  const { rows } = await pool.query<{ now: string; ids: readonly string[] }>({
    name: 'vault-destroyed-since',
    text: `SELECT clock_timestamp()::text AS now, coalesce((
        SELECT array_agg(id) FROM user_key WHERE destroyed_at >= $1::timestamptz - make_interval(secs => $2)
      ), '{}') AS ids`,
    values: [since ?? null, lateSeconds],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the database did not tell the time');
  return row;
}

function bySubject(rows: readonly LiveRow[]): ReadonlyMap<string, LiveKey> {
  return new Map(rows.map(({ subject, ...key }) => [subject.toString('hex'), key]));
}
