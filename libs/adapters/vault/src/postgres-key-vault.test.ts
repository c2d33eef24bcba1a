import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSubject } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PostgresErasureRegister } from './postgres-erasure-register.ts';
import { PostgresKeyVault } from './postgres-key-vault.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TENANT = tenantId('shop');
const NOON = Date.UTC(2026, 2, 1, 12);
const ADA: DataSubject = { kind: 'user', tenant: TENANT, id: 'ada' };

let postgres: EmbeddedPostgres;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-key-vault-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});
afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

it('uses a key for half a minute at most when nobody can say whether it is destroyed', async () => {
  let nowMs = 0;
  const vault = new PostgresKeyVault(postgres, 10, () => nowMs);
  const keyOf = async (sinceMs: number) => (await vault.keysFor([{ subject: ADA, sinceMs }]))[0]?.id;
  const first = await keyOf(NOON);
  await new PostgresErasureRegister(postgres).note([
    { tenant: TENANT, key: 'e-1', user: 'ada', receivedAtMs: NOON + 1 },
  ]);
  nowMs = 30_000;
  expect(await keyOf(NOON + 2)).toBe(first);
  nowMs = 30_001;
  const second = await keyOf(NOON + 2);
  expect(second).not.toBe(first);
  nowMs = 60_000;
  await vault.refresh();
  nowMs = 90_000;
  expect(await keyOf(NOON + 3)).toBe(second);
});
