import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { logEntryOf, redrivenEntry, type EventLog } from '@heed/events';
import { eventId, seededRandom, sessionId, tenantId, type SeededRandom } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import { Projector, ReplayLog } from '@heed/projector';
import { ruleModels } from '@heed/sessions';
import { musicAndWeather, simulateSessions } from '@heed/simulation';
import { inMemoryEventLog } from '@heed/testing';
import {
  readWarehouseMigrations,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TENANT = tenantId('tenant');
const RECEIVED = Date.UTC(2026, 3, 1);
const rules = { models: ruleModels };
const UNREADABLE = '{"specversion":"1.0", "id":';
const UNREADABLE_KEY = `!unreadable:${sha256(UNREADABLE)}`;
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);

/** A log in one database knows every repeat when it comes, and no session here is longer than a part. */
const EMPTY_HERE = ['repeats', 'session_places'];

describe('replay', () => {
  let log: EventLog;
  let warehouse: Warehouse;
  let chains: WarehouseChainStore;
  let projector: Projector;
  let replay: ReplayLog;

  beforeAll(async () => {
    log = inMemoryEventLog();
    warehouse = await openTemporaryWarehouse(migrations);
    chains = new WarehouseChainStore(warehouse);
    const silent = jsonLog('silent', () => undefined);
    projector = new Projector(log, new WarehouseSessionStore(warehouse), { ...rules, maxBatch: 150 }, silent);
    const copies = new SqlWarehouseCopies(warehouse, migrations, chains);
    replay = new ReplayLog({ log, copies, rules, whilePaused: (work) => projector.whilePaused(work) });
    projector.start();
    // What goes wrong in real traffic: batches out of order, events doubled, late, retracted, orphaned, and bytes that are none.
    const bodies = messyBodies(seededRandom(5));
    for (let start = 0; start < bodies.length; start += 97) {
      await append(log, bodies.slice(start, start + 97));
      if (start % 5 === 0) await projector.whenCaughtUp();
      if (start % 7 === 0) await chains.recount(TENANT);
    }
    const event = { id: eventId('shifting'), session: sessionId('s-shift') };
    await log.append([
      redrivenEntry({ tenant: TENANT, receivedAtMs: RECEIVED, letter: UNREADABLE_KEY, event }, { sha256 }),
    ]);
    await projector.whenCaughtUp();
  }, 120_000);
  afterAll(async () => {
    await projector.stop();
    await warehouse.close();
    await log.close();
  });

  it('builds a warehouse equal to the live one in every row of every table', async () => {
    const { events, tables } = await replay.run('compare', () => undefined);
    expect(events).toBe((await log.counts())[0]?.accepted);
    expect(tables.filter(({ equal }) => equal !== true)).toEqual([]);
    const empty = tables.filter(({ rows }) => rows === 0).map(({ table }) => table);
    expect(empty.filter((table) => !EMPTY_HERE.includes(table))).toEqual([]);
  }, 120_000);

  it('accounts for every event: stored or dead-lettered', async () => {
    const [accepted] = await log.counts();
    const [held] = await new SqlWarehouseReader(warehouse).counts();
    expect(held).toMatchObject({ notes: 1, redriven: 1, waiting: 1 });
    expect((held?.stored ?? 0) + (held?.deadLettered ?? 0)).toBe((accepted?.accepted ?? 0) - 1);
    expect(held?.deadLettered).toBeGreaterThan(0);
  });

  it('shows the dead letters and the orphans with their bytes', async () => {
    const reader = new SqlWarehouseReader(warehouse);
    const { byReason, rows, total, waiting, redriven } = await reader.deadLetters(TENANT, 1000);
    expect(byReason).toEqual({ 'unknown-type': 1, 'conflicting-duplicate': 1 });
    expect({ waiting, redriven }).toEqual({ waiting: 1, redriven: 1 });
    expect(rows).toHaveLength(total);
    const orphan = await reader.deadLetter(TENANT, 'orphan-1');
    expect(orphan).toMatchObject({ reason: 'unknown-turn', eventId: 'orphan-1', receivedAtMs: RECEIVED });
    expect(orphan?.body).toContain('"no-such-turn"');
    expect(await reader.deadLetter(TENANT, 'no-such-key')).toBeNull();
  });

  it('sees a single row that is different, missing or doubled, and replacing repairs it', async () => {
    await warehouse.execute(
      "ALTER TABLE filed_events DELETE WHERE event_id = 'orphan-1' SETTINGS mutations_sync = 2",
    );
    const damaged = await replay.run('compare', () => undefined);
    expect(damaged.tables.filter(({ equal }) => equal === false).map(({ table }) => table)).toEqual([
      'filed_events',
      'all_dead_letters',
      'orphaned_events',
    ]);
    const replaced = await replay.run('replace', () => undefined);
    expect(replaced.tables.every(({ equal }) => equal === null)).toBe(true);
    const repaired = await replay.run('compare', () => undefined);
    expect(repaired.tables.every(({ equal }) => equal === true)).toBe(true);
  }, 120_000);

  it('leaves what comes after it to the projector', async () => {
    const before = (await new SqlWarehouseReader(warehouse).counts())[0]?.stored ?? 0;
    await append(log, [turn('later', 'late-session', 'play jazz')]);
    await projector.whenCaughtUp();
    expect((await new SqlWarehouseReader(warehouse).counts())[0]?.stored).toBe(before + 1);
  });

  it('has nothing left of a tenant that was removed', async () => {
    await log.removeTenant(TENANT);
    await new SqlWarehouseReader(warehouse).removeTenant(TENANT);
    expect(await new SqlWarehouseReader(warehouse).counts()).toEqual([]);
    expect((await chains.counts(TENANT, {}, 1)).states).toBe(0);
    expect(await chains.recount(TENANT)).toEqual([]);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function append(log: EventLog, bodies: readonly string[]): Promise<void> {
  const entries = bodies.map(
    (body) => logEntryOf({ tenant: TENANT, receivedAtMs: RECEIVED, body }, { sha256 }).entry,
  );
  await log.append(entries);
}

function messyBodies(random: SeededRandom): readonly string[] {
  const options = { sessions: 250, users: 40, untilMs: Date.UTC(2026, 2, 9), days: 6, prefix: 'm' };
  const events = [...simulateSessions(musicAndWeather, random, options)]
    .flat()
    .map((event) => JSON.stringify(event));
  const doubled = events.filter(() => random.chance(0.1));
  const late = events.map((body) => ({ body, at: random.next() + (random.chance(0.2) ? 1 : 0) }));
  const inOrderOfArrival = late.sort((a, b) => a.at - b.at).map(({ body }) => body);
  return [
    ...inOrderOfArrival,
    ...doubled,
    turn('shifting', 's-shift', 'play jazz', '2026-03-02T23:50:00Z'),
    turn('shifting-2', 's-shift', 'play some jazz', '2026-03-03T00:05:00Z'),
    event('like-1', 's-shift', 'heed.reaction.v1', { turn: 'shifting', kind: 'like' }),
    event('unlike-1', 's-shift', 'heed.reaction.v1', { turn: 'shifting', kind: 'like', retracts: 'like-1' }),
    event('orphan-1', 's-shift', 'heed.reaction.v1', { turn: 'no-such-turn', kind: 'like' }),
    turn('shifting', 's-shift', 'the same id, other content'),
    event('future-1', 's-shift', 'heed.nothing.v1', {}),
    UNREADABLE,
  ];
}

function turn(id: string, session: string, text: string, time = '2026-03-02T12:00:00Z'): string {
  return event(id, session, 'heed.turn.v1', { turn: id, user: 'user-1', request: { text } }, time);
}

function event(
  id: string,
  subject: string,
  type: string,
  data: object,
  time = '2026-03-02T23:55:00Z',
): string {
  return JSON.stringify({ specversion: '1.0', id, source: '/test', type, subject, time, data });
}
