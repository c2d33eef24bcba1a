import { fileURLToPath } from 'node:url';
import { sessionId, tenantId } from '@heed/kernel';
import type { Reading, SessionToScore } from '@heed/rewards';
import type { SessionStore } from '@heed/sessions';
import {
  readWarehouseMigrations,
  SqlExpirableRows,
  SqlForgettableRows,
  SqlWarehouseCopies,
  SqlWarehouseReader,
  WarehouseChainStore,
  WarehouseScoredLog,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';
import { about, derived, eventsOf, filed, turn, type Sent } from './sent-events.fixture.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const conversation = [turn(1, 'play jazz', 'Playing jazz.'), turn(2, 'louder', undefined)];
const MODEL = 'love-1';

let warehouse: Warehouse;
let log: WarehouseScoredLog;
let tenants = 0;
let tenant = tenantId('shop');

beforeAll(async () => {
  warehouse = await openTemporaryWarehouse(migrations);
  log = new WarehouseScoredLog(warehouse);
});
afterAll(() => warehouse.close());
beforeEach(() => {
  tenant = tenantId(`shop-${String(tenants++)}`);
});

async function put(
  session: string,
  sent: readonly Sent[],
  into: SessionStore = new WarehouseSessionStore(warehouse),
): Promise<void> {
  const events = eventsOf(session, sent);
  await into.apply({
    filed: events.map((one) => filed(tenant, one)),
    deadLetters: [],
    derived: [derived(tenant, events, events.length)],
  });
}

async function unscored(reading: Reading = 'answer'): Promise<readonly SessionToScore[]> {
  const all: SessionToScore[] = [];
  for await (const piece of log.read(tenant, MODEL, {}, reading)) all.push(...piece.unscored);
  return all;
}

async function scoreAll(reading?: Reading): Promise<void> {
  const score = { probability: 0.25, logit: -1 };
  const sessions = (await unscored(reading)).map(({ session, said, turns }) => ({
    ...{ session, said, scores: turns.map((one) => (one === null ? null : score)) },
  }));
  await log.keep(tenant, MODEL, sessions);
}

/** What the view shows. */
function turnScores() {
  return warehouse.query(
    z.object({
      session: z.string(),
      turn: z.string(),
      model: z.string(),
      score: z.number(),
      logit: z.number(),
    }),
    'SELECT session, turn, model, score, logit FROM turn_scores WHERE tenant = {tenant:String} ORDER BY session, turn',
    { tenant },
  );
}

/** Rows that are there, whether they count or not. */
async function rows(): Promise<readonly string[]> {
  const found = await warehouse.query(
    z.object({ session: z.string() }),
    'SELECT DISTINCT session FROM scored_sessions WHERE tenant = {tenant:String} ORDER BY session',
    { tenant },
  );
  return found.map(({ session }) => session);
}

const JAZZ = { turn: 't1', model: MODEL, score: 0.25, logit: -1 };

describe('scores of sessions', () => {
  it('are made of sessions that are read so that no more is held of long texts at once than is allowed, or of one', async () => {
    for (const session of ['a', 'b', 'c']) await put(session, conversation);
    // Of each: 'play jazz', 'louder' and one answer.
    const bytes = 9 + 6 + 13;
    const pieces = async (textBytes: number): Promise<readonly (readonly string[])[]> => {
      const all: string[][] = [];
      const limited = new WarehouseScoredLog(warehouse, { lookedUp: 10, read: 10, textBytes });
      for await (const { sessions, unscored } of limited.read(tenant, MODEL, {}, 'answer')) {
        if (sessions > 0) all.push(unscored.map(({ session }) => session));
        if (sessions > 0) expect(sessions).toBe(unscored.length);
      }
      return all;
    };
    expect(await pieces(2 * bytes)).toEqual([['a', 'b'], ['c']]);
    expect(await pieces(2 * bytes - 1)).toEqual([['a'], ['b'], ['c']]);
    expect(await pieces(1)).toEqual([['a'], ['b'], ['c']]);
  });

  it('are one row a turn that has an answer, and model', async () => {
    await put('a', conversation);
    await put('b', conversation);
    await scoreAll();
    await scoreAll();
    expect(await turnScores()).toEqual([
      { session: 'a', ...JAZZ },
      { session: 'b', ...JAZZ },
    ]);
  });

  it('stay when somebody reacts, and count no more once a turn was answered again', async () => {
    await put('a', conversation);
    await scoreAll();
    const loved = [...conversation, about('reaction', 'love-it', 70_000, { user: 'u-1', kind: 'love' })];
    await put('a', loved);
    expect(await turnScores()).toHaveLength(1);
    expect(await unscored()).toEqual([]);
    const answer = about('response', 'again', 80_000, { response: { text: 'Playing polka.' } });
    await put('a', [...loved, answer]);
    expect(await turnScores()).toEqual([]);
    // The answer that was reacted to is not the one that stands.
    expect((await unscored())[0]?.turns[0]?.response).toBe('Playing polka.');
  });

  it('of a model that reads what was done count no more once something else was', async () => {
    const next = turn(2, 'louder', undefined);
    await put('a', [turn(1, 'play jazz', 'Playing jazz.', { latencyMs: 500 }), next]);
    await put('b', conversation);
    await scoreAll('aftermath');
    expect(await turnScores()).toHaveLength(2);
    const rated = [
      turn(1, 'play jazz', 'Playing jazz.', { latencyMs: 500 }),
      next,
      about('reaction', 'love-it', 70_000, { user: 'u-1', kind: 'love' }),
    ];
    await put('a', rated);
    expect(await turnScores()).toHaveLength(2);
    const looked = (ms: number) => about('behaviour', 'looked', 80_000, { kind: 'dwelled', ms });
    for (const ms of [2000, 3000]) {
      await put('a', [...rated, looked(ms)]);
      expect((await turnScores()).map((row) => row.session)).toEqual(['b']);
      const [again] = await unscored('aftermath');
      expect(again?.turns[0]?.aftermath).toMatchObject({ next: 'louder', pauseMs: 59_500, dwellMs: ms });
      await scoreAll('aftermath');
      expect(await turnScores()).toHaveLength(2);
    }
  });

  it('are of what was known when a turn was answered', async () => {
    await put('a', [
      turn(1, 'play jazz', 'Playing jazz.'),
      turn(2, 'louder', 'As you like.'),
      about('response', 'late', 300_000, { response: { text: 'Playing polka.' } }),
    ]);
    const [session] = await unscored();
    expect(session?.turns.map((one) => one?.response)).toEqual(['Playing polka.', 'As you like.']);
    expect(session?.turns[1]?.context[1]).toEqual({ role: 'assistant', text: 'Playing jazz.' });
  });

  it('go when their session is rewritten by an erasure, and are none of what it says afterwards', async () => {
    await put('a', conversation);
    await put('b', conversation);
    await scoreAll();
    const erased = [turn(1, '', 'Playing jazz.'), turn(2, 'louder', undefined)];
    await new SqlForgettableRows(warehouse).rewrite(tenant, [sessionId('a')], async (_, store) => {
      await store.apply({
        filed: eventsOf('a', erased).map((one) => filed(tenant, one)),
        deadLetters: [],
        derived: [derived(tenant, eventsOf('a', erased), erased.length)],
      });
    });
    expect(await rows()).toEqual(['b']);
    expect((await unscored()).map(({ session }) => session)).toEqual(['a']);
  });

  it('of an erased answer do not count, were they written during the erasure', async () => {
    await put('a', conversation);
    const before = await unscored();
    await put('a', [turn(1, '', ''), turn(2, 'louder', undefined)]);
    await log.keep(
      tenant,
      MODEL,
      before.map((one) => ({ ...one, scores: [{ probability: 0.5, logit: 0 }, null] })),
    );
    expect(await turnScores()).toEqual([]);
  });

  it('go with a session that is over, and with their tenant', async () => {
    await put('a', conversation);
    await put('b', conversation);
    await scoreAll();
    const expirable = new SqlExpirableRows(warehouse);
    await expirable.removeSessions(tenant, await expirable.positionsOf(tenant, [sessionId('a')]));
    expect(await rows()).toEqual(['b']);
    await new SqlWarehouseReader(warehouse).removeTenant(tenant);
    expect(await rows()).toEqual([]);
  });

  it('are there as before when the warehouse was replayed', async () => {
    await put('a', conversation);
    await scoreAll();
    const copies = new SqlWarehouseCopies(warehouse, migrations, new WarehouseChainStore(warehouse));
    const copy = await copies.begin();
    await put('a', conversation, copy.sessions);
    await copy.replace();
    await copy.discard();
    expect(await turnScores()).toEqual([{ session: 'a', ...JAZZ }]);
    expect(await unscored()).toEqual([]);
  });
});
