import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog, NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import type pg from 'pg';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { eventLogContract } from '@heed/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ImportProgressStore } from './import-progress-store.ts';
import { postgresEventLog } from './postgres-event-log.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let postgres: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-event-log-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});

afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

eventLogContract('PostgreSQL', async () => {
  await postgres.pool.query(
    'TRUNCATE event_log, event_log_count, event_log_group; UPDATE event_log_head SET position = 0, gaps_up_to = 0',
  );
  return postgresEventLog(postgres);
});

describe('two logs on one database, as two processes would have them', () => {
  it('refuse to set a group back that the other reads, which would go on where it was', async () => {
    const [log, other] = [postgresEventLog(postgres), postgresEventLog(postgres)];
    const handled = Promise.withResolvers<undefined>();
    const reader = log.consume('held', { maxBatch: 1 }, () => {
      handled.resolve(undefined);
      return Promise.resolve();
    });
    const held = { tenant: tenantId('held'), key: 'k', session: 's', body: '{}', receivedAtMs: 1 };
    await log.append([held]);
    await handled.promise;
    await expect(other.rewind('held')).rejects.toMatchObject({ code: 'log-group-in-use' });
    await reader.stop();
    await other.rewind('held');
    expect((await log.lag('held')).entries).toBeGreaterThan(0);
    await Promise.all([log.close(), other.close()]);
  });

  it('do not interleave: a reader of one sees what both append, in growing positions, without a gap', async () => {
    const logs = [postgresEventLog(postgres), postgresEventLog(postgres)];
    const head = await headOf(logs[0]);
    const batch = (log: number, from: number) =>
      Array.from({ length: 10 }, (_, index) => ({
        tenant: tenantId('two'),
        key: `${log}-${from + index}`,
        session: 's',
        body: '{}',
        receivedAtMs: 1,
      }));
    const positions: number[] = [];
    const all = Promise.withResolvers<undefined>();
    const reader = logs[0]?.consume('two', { maxBatch: 7 }, (entries) => {
      positions.push(...entries.filter(({ tenant }) => tenant === 'two').map(({ position }) => position));
      if (positions.length === 400) all.resolve(undefined);
      return Promise.resolve();
    });
    await Promise.all(
      logs.flatMap((log, which) =>
        Array.from({ length: 20 }, (_, turn) => log.append(batch(which, 10 * turn))),
      ),
    );
    await all.promise;
    await reader?.stop();
    expect(positions).toEqual(Array.from({ length: 400 }, (_, index) => head + index + 1));
    await Promise.all(logs.map((log) => log.close()));
  });
});

describe('an append that has to wait while another goes first', () => {
  const waiting = entryOf('mine');
  let log: EventLog;
  let other: pg.PoolClient;
  beforeEach(async () => {
    await postgres.pool.query("DELETE FROM event_log WHERE tenant = 'race'");
    await postgres.pool.query("DELETE FROM event_log_count WHERE tenant = 'race'");
    log = postgresEventLog(postgres);
    other = await postgres.pool.connect();
    await other.query('BEGIN');
    await other.query('SELECT position FROM event_log_head FOR UPDATE');
  });
  afterEach(async () => {
    other.release();
    await log.close();
  });

  it('finds its key taken by the other: a duplicate, and nothing of it stays', async () => {
    const head = await headOf(log);
    const append = log.append([entryOf('beside'), waiting]);
    await somebodyWaitsForTheHead();
    await writeAsAnother('mine', '{}');
    expect(await append).toEqual(['appended', 'duplicate']);
    expect(await rowsOf('race')).toEqual([
      { key: 'mine', position: head + 1 },
      { key: 'beside', position: head + 2 },
    ]);
    expect(await log.counts()).toContainEqual({ tenant: 'race', accepted: 2, deadLettered: 0 });
  });

  it('finds its key taken with other content: a conflict, kept as a dead letter', async () => {
    const append = log.append([waiting]);
    await somebodyWaitsForTheHead();
    await writeAsAnother('mine', '{"other":1}');
    expect(await append).toEqual(['conflict']);
    expect(await log.counts()).toContainEqual({ tenant: 'race', accepted: 2, deadLettered: 1 });
  });

  it('stands behind what the other wrote', async () => {
    const head = await headOf(log);
    const append = log.append([waiting]);
    await somebodyWaitsForTheHead();
    await writeAsAnother('theirs', '{}');
    expect(await append).toEqual(['appended']);
    expect(await rowsOf('race')).toEqual([
      { key: 'theirs', position: head + 1 },
      { key: 'mine', position: head + 2 },
    ]);
  });

  it('keeps its connection, whether it wins or loses', async () => {
    const connections = async (): Promise<unknown> =>
      (
        await postgres.pool.query(
          "SELECT pid FROM pg_stat_activity WHERE application_name = 'heed' ORDER BY pid",
        )
      ).rows;
    const append = log.append([waiting]);
    await somebodyWaitsForTheHead();
    const before = await connections();
    await writeAsAnother('mine', '{}');
    await append;
    expect(await connections()).toEqual(before);
  });

  async function writeAsAnother(key: string, body: string): Promise<void> {
    await other.query(
      `WITH head AS (UPDATE event_log_head SET position = position + 1 RETURNING position)
        INSERT INTO event_log (position, received_at_ms, tenant, key, session, body)
        SELECT position, 1, 'race', $1, 's', $2 FROM head`,
      [key, body],
    );
    await other.query("INSERT INTO event_log_count (tenant, accepted, dead_lettered) VALUES ('race', 1, 0)");
    await other.query('COMMIT');
  }

  async function somebodyWaitsForTheHead(): Promise<void> {
    const text =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%event_log_head%'";
    while ((await postgres.pool.query(text)).rows.length === 0);
  }

  async function rowsOf(tenant: string): Promise<unknown> {
    const text = 'SELECT key, position FROM event_log WHERE tenant = $1 ORDER BY position';
    return (await postgres.pool.query(text, [tenant])).rows;
  }

  function entryOf(key: string): NewLogEntry {
    return { tenant: tenantId('race'), key, session: 's', body: '{}', receivedAtMs: 1 };
  }
});

describe('a batch too large for one statement', () => {
  it('is appended whole, its positions in one row, and known when it comes again', async () => {
    const log = postgresEventLog(postgres);
    const batch = Array.from({ length: 36 }, (_, index) => ({
      tenant: tenantId('large'),
      key: String(index),
      session: 's',
      body: JSON.stringify(String(index).padEnd(1024 * 1024, 'x')),
      receivedAtMs: 1,
    }));
    const head = await headOf(log);
    expect(await log.append(batch)).toEqual(batch.map(() => 'appended'));
    const { rows } = await postgres.pool.query(
      "SELECT position, key FROM event_log WHERE tenant = 'large' ORDER BY position",
    );
    expect(rows).toEqual(batch.map(({ key }, index) => ({ key, position: head + 1 + index })));
    expect(await headOf(log)).toBe(head + batch.length);
    expect(await log.append(batch)).toEqual(batch.map(() => 'duplicate'));
    await log.close();
  });
});

describe('import progress', () => {
  it('is 0 for a file never seen, and what was last set after that, by tenant and file', async () => {
    const progress = new ImportProgressStore(postgres);
    const [a, b] = [tenantId('a'), tenantId('b')];
    expect(await progress.get(a, 'f')).toBe(0);
    await progress.set(a, 'f', 1_000);
    await progress.set(a, 'f', 2_000);
    expect(await progress.get(a, 'f')).toBe(2_000);
    expect(await progress.get(b, 'f')).toBe(0);
    expect(await progress.get(a, 'g')).toBe(0);
  });
});

async function headOf(log: EventLog | undefined): Promise<number> {
  const lag = await log?.lag('anybody');
  return lag?.partitions[0]?.head ?? expect.fail('a log has a partition');
}
