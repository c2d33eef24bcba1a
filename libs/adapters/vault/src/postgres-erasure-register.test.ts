import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSubject, PendingErasure } from '@heed/events';
import { sessionId, tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PostgresErasureRegister } from './postgres-erasure-register.ts';
import { PostgresKeyVault } from './postgres-key-vault.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TENANT = tenantId('shop');
const NOON = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;
const ADA: DataSubject = { kind: 'user', tenant: TENANT, id: 'ada' };
const SESSION: DataSubject = { kind: 'session', tenant: TENANT, id: 's-1' };

let postgres: EmbeddedPostgres;
let dataDir: string;
let vault: PostgresKeyVault;
let register: PostgresErasureRegister;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-register-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});
afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  await postgres.pool.query('TRUNCATE user_key, erased_subject, erasure');
  vault = new PostgresKeyVault(postgres);
  register = new PostgresErasureRegister(postgres);
});

async function keyOf(subject: DataSubject, sinceMs: number): Promise<string> {
  const [key] = await vault.keysFor([{ subject, sinceMs }]);
  return key?.id ?? expect.fail('there is a key');
}

async function isDestroyed(id: string): Promise<boolean> {
  return (await vault.lookUp([id])).get(id)?.key === null;
}

const ask = { tenant: TENANT, key: 'e-1', user: 'ada', receivedAtMs: NOON };

async function onlyPending(): Promise<PendingErasure> {
  const [pending] = await register.pending(10);
  return pending ?? expect.fail('an erasure is pending');
}

describe('an erasure', () => {
  it('takes a key whose collector’s clock is ahead', async () => {
    const key = await keyOf(ADA, NOON + HOUR);
    await register.note([ask]);
    expect(await isDestroyed(key)).toBe(true);
  });

  it('that is read from the log late leaves who came back since', async () => {
    const key = await keyOf(ADA, NOON + 25 * HOUR);
    await register.note([ask]);
    expect(await isDestroyed(key)).toBe(false);
  });

  it('that is asked for now takes all that is there, whoever notes it first, and only once', async () => {
    const key = await keyOf(ADA, NOON + 9000 * HOUR);
    await register.note([ask]);
    await register.note([{ ...ask, isAskedNow: true }]);
    expect(await isDestroyed(key)).toBe(true);
    await vault.refresh();
    const back = await keyOf(ADA, NOON + 9001 * HOUR);
    await register.note([ask]);
    await register.note([{ ...ask, isAskedNow: true }]);
    expect(await isDestroyed(back)).toBe(false);
  });

  it('takes the keys of sessions that a clock ahead has dated, and none that was made after it was asked for', async () => {
    const other: DataSubject = { kind: 'session', tenant: TENANT, id: 's-2' };
    const key = await keyOf(SESSION, NOON + HOUR);
    await register.note([{ ...ask, isAskedNow: true }]);
    const pending = await onlyPending();
    const meanwhile = await keyOf(other, NOON - HOUR);
    await register.destroySessionKeys(pending, [sessionId('s-1'), sessionId('s-2')]);
    expect([await isDestroyed(key), await isDestroyed(meanwhile)]).toEqual([true, false]);
    await vault.refresh();
    const later = await keyOf(SESSION, NOON + HOUR + 1);
    await register.destroySessionKeys(pending, [sessionId('s-1')]);
    expect(await isDestroyed(later)).toBe(false);
  });

  it('that failed waits until its time, and no longer than the longest wait, whatever clock it was noted by', async () => {
    await register.note([ask]);
    const pending = await onlyPending();
    await register.noteFailure(pending, { why: 'a disk is full', againMs: NOON + 2000 });
    const due = async (nowMs: number) => (await register.pending(10, nowMs)).map(({ tries }) => tries);
    expect(await due(NOON + 1999)).toEqual([]);
    expect(await due(NOON + 2000)).toEqual([1]);
    expect(await due(NOON - 24 * HOUR)).toEqual([1]);
    expect(await register.pending(10)).toHaveLength(1);
    expect(await register.recordOf(ask)).toMatchObject({
      ...{ upToMs: NOON, tries: 1, result: null },
      failure: { why: 'a disk is full', againMs: NOON + 2000 },
    });
  });

  it('comes behind those that have failed less often, so that it holds up none of them', async () => {
    await register.note([ask]);
    const failed = await onlyPending();
    await register.noteFailure(failed, { why: 'once', againMs: NOON });
    await register.note([{ ...ask, key: 'e-2' }]);
    expect((await register.pending(10, NOON)).map(({ tries }) => tries)).toEqual([0, 1]);
  });

  it('is listed for its own tenant, first what is not carried out', async () => {
    await register.note([ask, { ...ask, key: 'e-2' }, { ...ask, tenant: tenantId('other') }]);
    const [first] = await register.pending(1);
    if (first === undefined) expect.fail('an erasure is pending');
    await register.noteFailure(first, { why: 'once', againMs: NOON });
    const result = { events: 3, sessions: 2, labels: 1, fixesMarkedStale: [], modelsMarkedStale: [] };
    await register.finish(first, result);
    expect(await register.list(TENANT, 10)).toEqual([
      { id: expect.any(String) as unknown, upToMs: NOON, tries: 0, failure: null, result: null },
      { id: first.id, upToMs: NOON, tries: 1, failure: null, result },
    ]);
    expect(await register.list(TENANT, 1)).toHaveLength(1);
  });

  it('is gone with its tenant', async () => {
    await register.note([ask]);
    await vault.removeTenant(TENANT);
    expect(await register.recordOf(ask)).toBeNull();
  });
});

it('is found by its id once it is carried out too, and says since when its user was there', async () => {
  await keyOf(ADA, NOON - HOUR);
  await register.note([ask, { ...ask, key: 'e-2', user: 'nobody' }, { ...ask, tenant: tenantId('other') }]);
  const pending = await register.pending(10);
  const ids = pending.map(({ id }) => id);
  const [first] = await register.byIds(TENANT, ids);
  if (first === undefined) expect.fail('there is an erasure');
  await register.noteReach(first, { sessions: [sessionId('s-1')], fixes: [] });
  const nothing = { events: 0, sessions: 0, labels: 0, fixesMarkedStale: [], modelsMarkedStale: [] };
  await register.finish(first, nothing);
  const found = await register.byIds(TENANT, ids);
  expect(found).toMatchObject([{ id: first.id, reach: { sessions: ['s-1'] } }, { reach: null }]);
  expect(await Promise.all(found.map((one) => register.firstReceivedMs(one)))).toEqual([NOON - HOUR, null]);
});
