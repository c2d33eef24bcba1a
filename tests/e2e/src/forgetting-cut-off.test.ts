import { fileURLToPath } from 'node:url';
import { logEntryOf, sealedBody, type LogEntry } from '@heed/events';
import { Fault, seededRandom, sessionId, tenantId } from '@heed/kernel';
import { sha256Hex } from '@heed/platform';
import { ForgetSessions, projectBatch } from '@heed/projector';
import { ErasureTallies, ruleModels, type NamedErasure } from '@heed/sessions';
import {
  migrateWarehouse,
  readWarehouseMigrations,
  SqlExpirableRows,
  SqlForgettableRows,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { openTemporaryWarehouse } from '@heed/warehouse-chdb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const TENANT = tenantId('tenant');
const NOON = Date.UTC(2026, 2, 1, 12);
/** Short enough that every session is in several parts. */
const rules = { models: ruleModels, partEvents: 6 };
const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../migrations/clickhouse', import.meta.url)),
);
const TABLES = ['filed_events', 'sessions', 'session_places', 'dead_letters', 'repeats', 'day_marks'];
/** Of each row its latest version alone; how often something was written is no part of the outcome. */
const OUTCOME = {
  filed_events: 'SELECT * EXCEPT (rewritten, event_name) FROM filed_events FINAL',
  sessions: 'SELECT * FROM sessions FINAL',
  session_places: 'SELECT * FROM session_places FINAL',
  dead_letters: 'SELECT * FROM dead_letters FINAL',
  repeats: 'SELECT * FROM repeats FINAL',
  labels: 'SELECT * FROM labels',
  open_days: 'SELECT day FROM day_marks GROUP BY day HAVING sum(opened) > sum(closed)',
};

const entries = longTraffic(7);
const erasure: NamedErasure = {
  ...{ id: 'the erasure', destroyed: ['seal-of-user-1'], dated: ['none'], upToMs: NOON + 1e9 },
};

describe('an erasure over sessions in parts', () => {
  let live: Warehouse;
  let expected: Outcome;
  beforeAll(async () => {
    live = await openTemporaryWarehouse(migrations);
    const replayed = await live.inDatabase('replayed');
    await migrateWarehouse(replayed, migrations);
    await projectAll(replayed, entries.map(asErased));
    expected = await outcomeOf(replayed);
    await replayed.close();
  });
  afterAll(() => live.close());

  it('comes to what a replay does', async () => {
    await begin(live);
    const before = await outcomeOf(live);
    const tallies = new ErasureTallies();
    await forgettingIn(live).forget(TENANT, [erasure], tallies);
    const [gone] = tallies.of([erasure.id]);
    expect(await outcomeOf(live)).toEqual(expected);
    expect(gone).toMatchObject({ sessions: 1, labels: before.labels.length - expected.labels.length });
    expect(expected.session_places.length).toBeGreaterThan(30);
    expect(expected.repeats.length).toBeGreaterThan(4);
    expect(expected.labels.length).toBeGreaterThan(20);
  });

  it('comes to the same when it was cut off at any of its statements, the first time or the last, and done again', async () => {
    await begin(live);
    const whole = cutOffAt(live, Infinity);
    const wholly = new ErasureTallies();
    await forgettingIn(whole.warehouse).forget(TENANT, [erasure], wholly);
    const gone = wholly.of([erasure.id]);
    const cuts = whole.changes.flatMap((change, nth) =>
      [whole.changes.indexOf(change), whole.changes.lastIndexOf(change)].includes(nth)
        ? [{ change, nth }]
        : [],
    );
    expect(cuts.length).toBeGreaterThan(10);
    for (const { change, nth } of cuts) {
      await begin(live);
      const tallies = new ErasureTallies();
      const cut = forgettingIn(cutOffAt(live, nth).warehouse).forget(TENANT, [erasure], tallies);
      await expect(cut).rejects.toThrow('cut off');
      await forgettingIn(live).forget(TENANT, [erasure], tallies);
      expect({ change, ...(await outcomeOf(live)) }).toEqual({ change, ...expected });
      expect({ change, gone: tallies.of([erasure.id]) }).toEqual({ change, gone });
    }
  });
});

describe('whoever slept while he took sessions out of the warehouse', () => {
  let live: Warehouse;
  beforeAll(async () => {
    live = await openTemporaryWarehouse(migrations);
  });
  afterAll(() => live.close());

  const session = sessionId('long-0');
  const position = 1000;
  const late = { ...{ tenant: TENANT, session, position }, eventId: 'late', receivedAtMs: NOON, body: '{}' };
  /** By a projector that went on when the pause was over. */
  const fileLate = (): Promise<void> =>
    new WarehouseSessionStore(live).apply({ filed: [late], derived: [], deadLetters: [] });
  const filedIds = async (): Promise<readonly string[]> => {
    const rows = await live.query(
      z.object({ id: z.string() }),
      'SELECT event_id AS id FROM filed_events FINAL',
    );
    return rows.map(({ id }) => id);
  };

  it('takes nothing of what was filed meanwhile when he rewrites', async () => {
    await begin(live);
    const before = await filedIds();
    await new SqlForgettableRows(live).rewrite(TENANT, [session], async (piece, store) => {
      await projectBatch(piece, store, rules);
      await fileLate();
    });
    expect((await filedIds()).toSorted()).toEqual([...before, 'late'].toSorted());
  });

  it('is told first how many places in the log a session has, those of events that were sent again too', async () => {
    await begin(live);
    const rows = new SqlExpirableRows(live);
    const [aged] = await rows.sessionsBefore(TENANT, NOON + 1e9, '', 10);
    const places = (await rows.positionsOf(TENANT, [session])).get(session);
    expect(aged).toMatchObject({ session, entries: places?.length });
    expect(aged?.entries).toBeGreaterThan((await filedIds()).length);
  });

  it('takes nothing of what was filed meanwhile when he removes', async () => {
    await begin(live);
    const rows = new SqlExpirableRows(live);
    const positions = await rows.positionsOf(TENANT, [session]);
    await fileLate();
    await rows.removeSessions(TENANT, positions);
    expect(await filedIds()).toEqual(['late']);
  });
});

/** In pieces that are shorter than a session, and by one seal at a time. */
function forgettingIn(warehouse: Warehouse): ForgetSessions {
  return new ForgetSessions(
    new SqlForgettableRows(warehouse, { bytesPerPiece: 9000, sealsAtOnce: 1 }),
    rules,
  );
}

type Outcome = Readonly<Record<keyof typeof OUTCOME, readonly string[]>>;

async function outcomeOf(warehouse: Warehouse): Promise<Outcome> {
  const row = z.object({ text: z.string() });
  const read = async (table: keyof typeof OUTCOME): Promise<readonly string[]> => {
    const rows = await warehouse.query(
      row,
      `SELECT toString(tuple(*)) AS text FROM (${OUTCOME[table]}) ORDER BY text`,
    );
    return rows.map(({ text }) => text);
  };
  return {
    filed_events: await read('filed_events'),
    sessions: await read('sessions'),
    session_places: await read('session_places'),
    dead_letters: await read('dead_letters'),
    repeats: await read('repeats'),
    labels: await read('labels'),
    open_days: await read('open_days'),
  };
}

async function begin(warehouse: Warehouse): Promise<void> {
  for (const table of TABLES) await warehouse.execute(`TRUNCATE TABLE ${table}`);
  await projectAll(warehouse, entries);
}

async function projectAll(warehouse: Warehouse, all: readonly LogEntry[]): Promise<void> {
  const store = new WarehouseSessionStore(warehouse);
  await projectBatch(all, store, rules);
}

function asErased(entry: LogEntry): LogEntry {
  return entry.sealedBy === 'seal-of-user-1' ? { ...entry, body: '', unread: 'erased' } : entry;
}

/** The same warehouse, which changes so many times and then no more; and what the changes are. */
function cutOffAt(
  whole: Warehouse,
  nth: number,
): { readonly warehouse: Warehouse; readonly changes: readonly string[] } {
  const changes: string[] = [];
  const change = async (statement: string, work: () => Promise<void>): Promise<void> => {
    if (changes.length >= nth) throw new Fault('warehouse-unavailable', 'cut off', 'Do it again.');
    changes.push(statement);
    await work();
  };
  const warehouse: Warehouse = {
    database: whole.database,
    query: (...asked) => whole.query(...asked),
    queryBinary: (...asked) => whole.queryBinary(...asked),
    insert: async (table, columns, rows) => {
      if (rows.length === 0) return;
      await change(`insert ${table}`, () => whole.insert(table, columns, rows));
    },
    execute: (sql, values) => change(sql, () => whole.execute(sql, values)),
    answers: () => whole.answers(),
    inDatabase: (database) => whole.inDatabase(database),
    close: () => whole.close(),
  };
  return { warehouse, changes };
}

/** Sessions of several users in several parts, with orphans, events that the log has twice, and one whose key nobody has. */
function longTraffic(seed: number): readonly LogEntry[] {
  const random = seededRandom(seed);
  const sent: { readonly body: string; readonly user: string; readonly at: number }[] = [];
  const send = (user: string, body: string): void => {
    sent.push({ body, user, at: random.next() });
    if (random.chance(0.15)) sent.push({ body, user, at: random.next() });
  };
  for (let session = 0; session < 1; session++) {
    const id = `long-${String(session)}`;
    for (let number = 0; number < 20; number++) {
      const name = `${String(session)}-${String(number)}`;
      const user = `user-${String(Math.floor(random.next() * 3))}`;
      send(
        user,
        event(
          `t-${name}`,
          id,
          'heed.turn.v1',
          { turn: `t-${name}`, user, request: { text: `say ${name}` } },
          number,
        ),
      );
      if (random.chance(0.5))
        send(
          user,
          event(`r-${name}`, id, 'heed.reaction.v1', { turn: `t-${name}`, user, kind: 'like' }, number),
        );
      if (random.chance(0.1))
        send('', event(`o-${name}`, id, 'heed.check.v1', { turn: `no-${name}`, name: 'lint' }, number));
    }
  }
  const read = sent
    .toSorted((a, b) => a.at - b.at)
    .map(({ body, user }, index): LogEntry => {
      const { entry } = logEntryOf(
        { tenant: TENANT, receivedAtMs: NOON + index, body },
        { sha256: sha256Hex },
      );
      return { ...entry, position: index + 1, ...(user !== '' && { sealedBy: `seal-of-${user}` }) };
    });
  const [first] = read;
  const body = sealedBody({ key: 'abcdefghij_-0123', data: 'aGVlZA==' });
  return first === undefined
    ? []
    : [
        ...read,
        {
          ...first,
          key: 'sealed',
          position: read.length + 1,
          body,
          sealedBy: 'abcdefghij_-0123',
          unread: 'unknown',
        },
      ];
}

function event(id: string, subject: string, type: string, data: object, minute: number): string {
  const time = new Date(NOON - 3_600_000 + minute * 60_000).toISOString();
  return JSON.stringify({ specversion: '1.0', id, source: '/test', type, subject, time, data });
}
