import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresEventLog } from '@heed/event-log-postgres';
import type { EventLog, LogEntry, NewLogEntry } from '@heed/events';
import { sessionId, tenantId } from '@heed/kernel';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@heed/postgres';
import { eventLogContract } from '@heed/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBodies } from './open-entries.ts';
import { PostgresErasureRegister } from './postgres-erasure-register.ts';
import { PostgresKeyVault } from './postgres-key-vault.ts';
import { sealedLog } from './sealed-log.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TENANT = tenantId('default');
const NOON = Date.UTC(2026, 2, 1, 12);

let postgres: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-vault-'));
  postgres = await openEmbeddedPostgres({ dataDir });
});

afterAll(async () => {
  await postgres.close();
  await rm(dataDir, { recursive: true });
});

async function emptyTables(): Promise<void> {
  await postgres.pool.query(
    'TRUNCATE event_log, event_log_count, event_log_group, user_key, erased_subject, erasure; UPDATE event_log_head SET position = 0, gaps_up_to = 0',
  );
}

eventLogContract('PostgreSQL under seal', async () => {
  await emptyTables();
  const vault = new PostgresKeyVault(postgres);
  return sealedLog(postgresEventLog(postgres, openBodies(vault)), vault);
});

describe('a sealed log', () => {
  let vault: PostgresKeyVault;
  let log: EventLog;
  let beneath: EventLog;
  let register: PostgresErasureRegister;
  beforeEach(async () => {
    await emptyTables();
    vault = new PostgresKeyVault(postgres);
    beneath = postgresEventLog(postgres, openBodies(vault));
    log = sealedLog(beneath, vault);
    register = new PostgresErasureRegister(postgres);
  });

  const erase = async (user: string, receivedAtMs: number): Promise<void> => {
    await register.note([
      { tenant: TENANT, key: `erasure of ${user} at ${receivedAtMs}`, user, receivedAtMs },
    ]);
    await vault.refresh();
  };

  it('has nobody’s words in the clear beneath it, and gives them back as they came', async () => {
    const batch = [
      turn('e-1', 'ada', 'my secret', NOON),
      entry('e-2', 'heed.response.v1', { turn: 'e-1', response: { text: 'a secret answer' } }),
      entry('e-3', 'heed.behaviour.v1', { turn: 'e-1', kind: 'edited', before: 'secret', after: 'x' }),
      { ...turn('!x', 'ada', 'refused secret', NOON), deadLetter: 'schema-violation' as const },
    ];
    expect(await log.append(batch)).toEqual(batch.map(() => 'appended'));
    const stored = await everything(beneath);
    expect(stored.map(({ body }) => body).filter((body) => body.includes('secret'))).toEqual([]);
    expect((await everything(log)).map(({ body }) => body)).toEqual(batch.map(({ body }) => body));
    const seals = (await everything(log)).map(({ sealedBy }) => sealedBy);
    expect(new Set(seals).size).toBe(2);
    expect([seals[0], seals[1]]).toEqual([seals[3], seals[2]]);
  });

  it('leaves what is nobody’s as it is', async () => {
    const batch = [
      entry('e-1', 'heed.outcome.v1', { name: 'solved', value: true }),
      entry('e-2', 'heed.turn.v1', { turn: 't', request: { text: 'a turn without a user' } }),
      entry('e-3', 'heed.erasure.v1', { user: 'ada' }),
      { ...entry('e-4', 'x', {}), body: 'not json, "user"' },
    ];
    await log.append(batch);
    expect((await everything(beneath)).map(({ body }) => body)).toEqual(batch.map(({ body }) => body));
    expect((await everything(log)).every(({ sealedBy }) => sealedBy === undefined)).toBe(true);
  });

  it('knows a repeat however it is written, from any process, and tells a conflict', async () => {
    const first = turn('e-1', 'ada', 'play jazz', NOON);
    const rewritten = { ...first, body: JSON.stringify(JSON.parse(first.body), undefined, 2) };
    expect(await log.append([first, rewritten])).toEqual(['appended', 'duplicate']);
    expect(await log.append([rewritten, first])).toEqual(['duplicate', 'duplicate']);
    const otherVault = new PostgresKeyVault(postgres);
    const other = sealedLog(postgresEventLog(postgres, openBodies(otherVault)), otherVault);
    expect(await other.append([rewritten])).toEqual(['duplicate']);
    const conflict = turn('e-1', 'ada', 'play blues', NOON);
    expect(await log.append([conflict])).toEqual(['conflict']);
    expect(await other.append([conflict])).toEqual(['conflict']);
    expect(await log.append([turn('e-1', 'eve', 'play jazz', NOON)])).toEqual(['conflict']);
    expect((await everything(log)).map(({ deadLetter }) => deadLetter)).toEqual([
      undefined,
      'conflicting-duplicate',
      'conflicting-duplicate',
    ]);
  });

  it('takes an event that was kept before there were seals for a repeat', async () => {
    const first = turn('e-1', 'ada', 'play jazz', NOON);
    await beneath.append([first]);
    const rewritten = { ...first, body: JSON.stringify(JSON.parse(first.body), undefined, 2) };
    expect(await log.append([rewritten])).toEqual(['duplicate']);
    expect(await log.append([turn('e-1', 'ada', 'play blues', NOON)])).toEqual(['conflict']);
  });

  it('cannot read a forgotten user any more, whatever is sent again stays erased, and others are read', async () => {
    const [first, other] = [turn('e-1', 'ada', 'my secret', NOON), turn('e-2', 'eve', 'hello', NOON)];
    await log.append([first, other]);
    await erase('ada', NOON + 1);
    const [erased, kept] = await everything(log);
    expect(erased).toMatchObject({ key: 'e-1', session: 's-1', body: '', unread: 'erased' });
    expect(kept).toMatchObject({ body: other.body });
    expect(await log.append([{ ...first, receivedAtMs: NOON + 2 }])).toEqual(['duplicate']);
    expect(await log.append([turn('e-1', 'ada', 'something else', NOON + 2)])).toEqual(['duplicate']);
    expect(await everything(log)).toHaveLength(2);
  });

  it('keeps what a forgotten user sends later, also when the erasure is noted again', async () => {
    await log.append([turn('e-1', 'ada', 'before', NOON)]);
    await erase('ada', NOON + 1);
    const back = turn('e-2', 'ada', 'back again', NOON + 2);
    await log.append([back]);
    await erase('ada', NOON + 1);
    expect((await everything(log)).map(({ body }) => body)).toEqual(['', back.body]);
    await erase('ada', NOON + 3);
    expect((await everything(log)).map(({ body }) => body)).toEqual(['', '']);
  });

  it('takes what was received before an erasure and appended after it for erased', async () => {
    await erase('ada', NOON + 10);
    const [late, back] = [turn('e-1', 'ada', 'late', NOON + 5), turn('e-2', 'ada', 'back', NOON + 11)];
    await log.append([late, back]);
    expect((await everything(log)).map(({ body }) => body)).toEqual(['', back.body]);
  });

  it('forgets what came into the log without a seal', async () => {
    await beneath.append([turn('e-1', 'ada', 'straight in', NOON), turn('e-2', 'ada', 'later', NOON + 5)]);
    expect((await everything(log)).map(({ unread }) => unread)).toEqual([undefined, undefined]);
    await erase('ada', NOON + 1);
    const [erased, kept] = await everything(log);
    expect(erased).toMatchObject({ body: '', unread: 'erased', sealedBy: kept?.sealedBy });
    expect(kept?.body).toContain('later');
  });

  it('erases the keys of sessions apart from those of users', async () => {
    const answer = entry('e-1', 'heed.response.v1', { turn: 't', response: { text: 'x' } });
    await log.append([answer, turn('e-2', 's-1', 'a user who is called like the session', NOON)]);
    await erase('ada', NOON + 1);
    const [pending] = await register.pending(10);
    if (pending === undefined) throw new Error('an erasure is pending');
    await register.destroySessionKeys(pending, [sessionId('s-1')]);
    expect((await everything(log)).map(({ unread }) => unread)).toEqual(['erased', undefined]);
    const seals = await register.seals(pending, [sessionId('s-1')]);
    expect(seals.destroyed).toEqual([(await everything(log))[0]?.sealedBy]);
  });

  it('keeps a text that only looks sealed, and says of one whose key is nowhere that it cannot be read', async () => {
    const forged = [
      '{"heed.sealed":{"key":"AAAAAAAAAAAAAAAA","data":"AAAA"}}',
      '{"heed.plain":"x"}',
      '{"heed.sealed":1}',
    ];
    const batch = forged.map((body, index) => ({ ...entry(`f-${index}`, 'x', {}), body }));
    await log.append(batch);
    expect((await everything(log)).map(({ body, unread }) => [body, unread])).toEqual(
      forged.map((body) => [body, undefined]),
    );
    await beneath.append([{ ...entry('f-9', 'x', {}), body: forged[0] ?? '' }]);
    expect((await everything(log)).at(-1)).toMatchObject({ body: forged[0], unread: 'unknown' });
  });

  it('opens nothing of one tenant under the key of another', async () => {
    await log.append([turn('e-1', 'ada', 'mine', NOON)]);
    const [stolen] = await everything(beneath);
    await beneath.append([{ ...entry('e-1', 'x', {}), tenant: tenantId('other'), body: stolen?.body ?? '' }]);
    expect((await everything(log)).map(({ unread }) => unread)).toEqual([undefined, 'unknown']);
  });

  it('makes one key a user, however many make it at the same time', async () => {
    const vaults = Array.from({ length: 4 }, () => new PostgresKeyVault(postgres));
    const wanted = Array.from({ length: 50 }, (_, index) => ({
      subject: { kind: 'user' as const, tenant: TENANT, id: `user ${index}` },
      sinceMs: NOON,
    }));
    const made = await Promise.all(
      vaults.map((one, index) => one.keysFor(index % 2 === 0 ? wanted : wanted.toReversed())),
    );
    const ids = made.map((keys, index) => (index % 2 === 0 ? keys : keys.toReversed()).map(({ id }) => id));
    expect(new Set(ids.map((one) => one.join())).size).toBe(1);
    expect(new Set(ids[0]).size).toBe(50);
  });

  it('destroys the keys of a tenant that is removed, and no other', async () => {
    await log.append([
      turn('e-1', 'ada', 'x', NOON),
      { ...turn('e-1', 'ada', 'y', NOON), tenant: tenantId('other') },
    ]);
    await log.removeTenant(TENANT);
    const { rows } = await postgres.pool.query<{ tenant: string; kept: boolean }>(
      'SELECT tenant, bytes IS NOT NULL AS kept FROM user_key ORDER BY tenant',
    );
    expect(rows).toEqual([
      { tenant: 'default', kept: false },
      { tenant: 'other', kept: true },
    ]);
  });
});

function entry(id: string, type: string, data: object, receivedAtMs = NOON): NewLogEntry {
  const body = JSON.stringify({
    ...{ specversion: '1.0', id, source: '/test', type, subject: 's-1' },
    time: '2026-03-01T09:00:00Z',
    data,
  });
  return { tenant: TENANT, key: id, session: 's-1', body, receivedAtMs };
}

function turn(id: string, user: string, text: string, receivedAtMs: number): NewLogEntry {
  return entry(id, 'heed.turn.v1', { turn: id, user, request: { text } }, receivedAtMs);
}

async function everything(log: EventLog): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of log.replay({ maxBatch: 100 })) entries.push(...batch);
  return entries;
}
