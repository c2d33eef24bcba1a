import { fileURLToPath } from 'node:url';
import { tenantId } from '@heed/kernel';
import { observeSession, type ObservedTurn, type Reading } from '@heed/rewards';
import { givenAnswers, withRuledDefects } from '@heed/sessions';
import {
  readWarehouseMigrations,
  WarehouseObservedTurns,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';
import { about, derived, eventsOf, filed, NINE, turn, type Sent } from './sent-events.fixture.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const tenant = tenantId('shop');

const conversation: readonly Sent[] = [
  turn(0, 'play jazz', 'Playing jazz.'),
  turn(1, 'louder', 'As you like.', { locale: 'en-GB', surface: 'kitchen' }),
  turn(2, 'no, softer', undefined),
  about('reaction', 'love-it', 70_000, { user: 'u-2', kind: 'love' }),
  about('reaction', 'wow-it', 71_000, { kind: 'wow' }),
  about('reaction', 'hate-it', 72_000, { user: 'u-1', kind: 'angry' }),
  about('reaction', 'hate-it-not', 73_000, { user: 'u-1', kind: 'angry', retracts: 'hate-it' }),
  about('behaviour', 'copied-it', 74_000, { kind: 'copied' }),
];

describe('the turns of a warehouse, as a model may know them', () => {
  let warehouse: Warehouse;
  beforeAll(async () => {
    warehouse = await openTemporaryWarehouse(migrations);
    const store = new WarehouseSessionStore(warehouse);
    const sessions = ['b', 'a', 'c'].map((session) => eventsOf(session, conversation));
    await store.apply({
      filed: [],
      deadLetters: [],
      derived: [
        ...sessions.map((events) => derived(tenant, events)),
        derived(tenantId('other'), eventsOf('d', conversation)),
      ],
    });
  });
  afterAll(() => warehouse.close());

  const read = async (
    reading: Reading,
    atOnce?: { readonly sessions: number; readonly textBytes: number },
    of = tenant,
  ): Promise<readonly ObservedTurn[]> => {
    const turns: ObservedTurn[] = [];
    for await (const some of new WarehouseObservedTurns(warehouse, atOnce).read(of, reading))
      turns.push(...some);
    return turns;
  };
  const piecesOf = async (textBytes: number): Promise<readonly (readonly string[])[]> => {
    const pieces: string[][] = [];
    const reading = new WarehouseObservedTurns(warehouse, { sessions: 10, textBytes }).read(tenant, 'answer');
    for await (const some of reading) pieces.push([...new Set(some.map(({ session }) => session))]);
    return pieces;
  };

  it('are all of one tenant, whole sessions at a time, however few are read at once', async () => {
    const turns = await read('answer');
    expect(turns.map(({ session, turn: id }) => `${session} ${id}`)).toEqual(
      ['a', 'b', 'c'].flatMap((session) => [`${session} t0`, `${session} t1`, `${session} t2`]),
    );
    expect(await read('answer', { sessions: 1, textBytes: 1000 })).toEqual(turns);
    expect(await read('answer', { sessions: 2, textBytes: 1 })).toEqual(turns);
  });

  it('are read so that no more is held of long texts at once than is allowed, or one session', async () => {
    // Of each of the three sessions: 'play jazz', 'louder', 'no, softer' and two answers.
    const bytes = 9 + 6 + 10 + 13 + 12;
    expect(await piecesOf(2 * bytes)).toEqual([['a', 'b'], ['c']]);
    expect(await piecesOf(2 * bytes - 1)).toEqual([['a'], ['b'], ['c']]);
    expect(await piecesOf(1)).toEqual([['a'], ['b'], ['c']]);
    expect(await piecesOf(3 * bytes)).toEqual([['a', 'b', 'c']]);
  });

  it('have their context, and the reactions that stand', async () => {
    const [, one] = await read('answer');
    expect(one).toEqual({
      turn: 't1',
      event: 'a-turn-1',
      session: 'a',
      atMs: NINE + 60_000,
      user: 'u-1',
      locale: 'en-GB',
      surface: 'kitchen',
      context: [
        { role: 'user', text: 'play jazz' },
        { role: 'assistant', text: 'Playing jazz.' },
        { role: 'user', text: 'louder' },
      ],
      response: 'As you like.',
      reactions: [
        { event: 'a-love-it', kind: 'love', atMs: NINE + 70_000, user: 'u-2' },
        { event: 'a-wow-it', kind: 'wow', atMs: NINE + 71_000 },
      ],
    });
  });

  it('hold nothing that came after the answer, unless a model may read it', async () => {
    const later = /softer|copied/;
    const [, one] = await read('answer');
    expect(JSON.stringify(one)).not.toMatch(later);
    const [, told] = await read('aftermath');
    expect(JSON.stringify(told)).toMatch(later);
    expect(told).toEqual({
      ...one,
      aftermath: { next: 'no, softer', pauseMs: 60_000, behaviour: ['copied'], turnsBefore: 1 },
      ruledDefect: expect.closeTo(0.15) as number,
    });
  });

  it('that a model may hold against the rules are those of the sessions as they are derived, labels and all', async () => {
    const of = tenantId('judged');
    const rated = { aspect: 'help', scale: { min: 1, max: 5 }, by: 'human' };
    const sent = [
      turn(1, 'play jazz', 'Playing polka.'),
      about('rating', 'low', 62_000, { ...rated, user: 'u-1', value: 1 }),
      about('behaviour', 'looked', 63_000, { kind: 'dwelled', ms: 9000 }),
      about('behaviour', 'again', 64_000, { kind: 'regenerated' }),
      turn(2, 'no, I said jazz', 'Playing jazz.', { latencyMs: 400 }),
      about('outcome', 'served', 130_000, { turn: 't2', name: 'success', value: true }),
      turn(3, 'thanks', 'You are welcome.'),
      turn(4, 'bye', undefined),
    ];
    const events = eventsOf('a', sent);
    await new WarehouseSessionStore(warehouse).apply({
      filed: events.map((one) => filed(of, one)),
      deadLetters: [],
      derived: [derived(of, events)],
    });
    const turns = await read('aftermath', undefined, of);
    const { session, turns: own } = derived(of, events).session;
    expect(turns).toEqual(observeSession(session, withRuledDefects(own), givenAnswers(events), 'aftermath'));
    expect(turns.map(({ reactions }) => reactions.map(({ kind }) => kind))).toEqual([
      ['rating.low'],
      ['outcome.served'],
      [],
      [],
    ]);
    expect(turns[0]?.aftermath).toMatchObject({ behaviour: ['dwelled', 'regenerated'], dwellMs: 9000 });
    expect(turns.map(({ ruledDefect = NaN }) => ruledDefect > 0.5)).toEqual([true, false, false, false]);
    // Of what only labels, and of what came later, a model of answers is told nothing.
    expect((await read('answer', undefined, of)).map(({ reactions }) => reactions)).toEqual([[], [], [], []]);
  });

  it('have an empty answer where there was none', async () => {
    expect((await read('answer'))[2]?.response).toBe('');
  });

  it.each(['named', 'filed before events were'])(
    'have the answer that was reacted to, not the one that was made in its place (%s)',
    async (how) => {
      const of = tenantId(`regenerated-${how.length}`);
      const answer = (n: number, text: string): Sent =>
        about('response', `answer-${String(n)}`, n * 1000, { response: { text } });
      const sent = [
        turn(1, 'play jazz', undefined),
        answer(61, 'Playing polka.'),
        about('reaction', 'down', 62_000, { user: 'u-1', kind: 'thumbs-down' }),
        answer(63, 'Playing jazz.'),
        turn(2, 'louder', 'As you like.'),
      ];
      const events = ['a', 'b'].map((session) => eventsOf(session, sent));
      await new WarehouseSessionStore(warehouse).apply({
        filed: events.flat().map((one) => ({ ...filed(of, one), ...(how !== 'named' && { eventName: '' }) })),
        deadLetters: [],
        derived: events.map((own) => derived(of, own)),
      });
      const turns = await read('answer', { sessions: 1, textBytes: 1000 }, of);
      expect(turns.map(({ session, turn: id, response }) => [session, id, response])).toEqual(
        ['a', 'b'].flatMap((session) => [
          [session, 't1', 'Playing polka.'],
          [session, 't2', 'As you like.'],
        ]),
      );
      expect(turns[0]?.reactions).toMatchObject([{ kind: 'thumbs-down' }]);
      // What stood when the next thing was asked.
      expect(turns[1]?.context[1]).toEqual({ role: 'assistant', text: 'Playing jazz.' });
    },
  );
});
