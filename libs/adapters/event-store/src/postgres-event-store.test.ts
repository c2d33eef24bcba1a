import pg from 'pg';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { bundleStoreContract, eventStoreContract, retentionStoreContract } from '@heed/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postgresBundleStore } from './postgres-bundle-store.ts';
import { postgresEventStore } from './postgres-event-store.ts';
import { postgresRetentionStore } from './postgres-retention-store.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let postgres: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-event-store-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});

afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

eventStoreContract('PostgreSQL', () => Promise.resolve(postgresEventStore(postgres)));
bundleStoreContract('PostgreSQL', () => Promise.resolve(postgresBundleStore(postgres)));
retentionStoreContract('PostgreSQL', () => Promise.resolve(postgresRetentionStore(postgres)));

describe('the database itself', () => {
  const changes = [
    "UPDATE event_store SET type = 'other'",
    'DELETE FROM event_store',
    'DELETE FROM event_store WHERE false',
    'TRUNCATE event_store',
    "INSERT INTO event_store VALUES (1, 's', 1, 't', '{}', 0) ON CONFLICT (position) DO UPDATE SET type = 'x'",
    "UPDATE bundle SET content = 'other'",
    'DELETE FROM bundle',
    'TRUNCATE bundle',
  ];

  it.each(changes)('refuses %s', async (change) => {
    await expect(postgres.pool.query(change)).rejects.toThrow('append-only');
  });

  it('refuses it even to somebody who switched ordinary triggers off', async () => {
    // Only a superuser may switch them off at all, and Heed itself is none.
    const superuser = new pg.Client({ connectionString: postgres.url.replace('heed_app', 'heed') });
    await superuser.connect();
    await expect(
      superuser.query('SET session_replication_role = replica; DELETE FROM event_store'),
    ).rejects.toThrow('append-only');
    await superuser.end();
  });

  it('refuses a second event of the same stream and version', async () => {
    await postgresEventStore(postgres).append('unique', 0, [{ type: 't', data: {} }], 0);
    await expect(
      postgres.pool.query(
        "INSERT INTO event_store SELECT 1 + max(position), 'unique', 1, 't', '{}', 0 FROM event_store",
      ),
    ).rejects.toMatchObject({ code: '23505' });
  });
});
