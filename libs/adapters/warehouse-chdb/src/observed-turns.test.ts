import { fileURLToPath } from 'node:url';
import { parseEvent } from '@heed/events';
import { sessionId, tenantId } from '@heed/kernel';
import type { ObservedTurn, Reading } from '@heed/rewards';
import { deriveSession, ruleModels, type SessionEvent } from '@heed/sessions';
import {
  readWarehouseMigrations,
  WarehouseObservedTurns,
  WarehouseSessionStore,
  type Warehouse,
} from '@heed/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemporaryWarehouse } from './open-temporary-warehouse.ts';

const migrations = readWarehouseMigrations(
  fileURLToPath(new URL('../../../../migrations/clickhouse', import.meta.url)),
);
const tenant = tenantId('shop');
const NINE = Date.UTC(2026, 1, 1, 9);

interface Sent {
  readonly type: string;
  readonly id: string;
  readonly afterMs: number;
  readonly data: object;
}

const turn = (n: number, request: string, response: string | undefined, more: object = {}): Sent => ({
  type: 'heed.turn.v1',
  id: `turn-${String(n)}`,
  afterMs: n * 60_000,
  data: {
    turn: `t${String(n)}`,
    user: 'u-1',
    request: { text: request },
    ...(response && { response: { text: response } }),
    ...more,
  },
});
const about = (type: string, id: string, afterMs: number, data: object): Sent => ({
  type: `heed.${type}.v1`,
  id,
  afterMs,
  data: { turn: 't1', ...data },
});

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

  const read = async (reading: Reading, atOnce?: number, of = tenant): Promise<readonly ObservedTurn[]> => {
    const turns: ObservedTurn[] = [];
    for await (const some of new WarehouseObservedTurns(warehouse, atOnce).read(of, reading))
      turns.push(...some);
    return turns;
  };

  it('are all of one tenant, whole sessions at a time, however few are read at once', async () => {
    const turns = await read('answer');
    expect(turns.map(({ session, turn: id }) => `${session} ${id}`)).toEqual(
      ['a', 'b', 'c'].flatMap((session) => [`${session} t0`, `${session} t1`, `${session} t2`]),
    );
    expect(await read('answer', 1)).toEqual(turns);
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
      aftermath: { next: 'no, softer', pauseMs: 60_000, behaviour: ['copied'] },
    });
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
        filed: events.flat().map(({ event, position }) => ({
          ...{ tenant: of, session: sessionId(event.session), eventId: event.id, position },
          ...{ receivedAtMs: NINE, body: bodies.get(event.id) ?? '' },
          ...(how === 'named' && { eventName: event.name }),
        })),
        deadLetters: [],
        derived: events.map((own) => derived(of, own)),
      });
      const turns = await read('answer', 1, of);
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

/** As they were sent, by event. */
const bodies = new Map<string, string>();

function eventsOf(session: string, sent: readonly Sent[]): readonly SessionEvent[] {
  return sent.map(({ id, afterMs, data, type }, position) => {
    const body = JSON.stringify({
      specversion: '1.0',
      id: `${session}-${id}`,
      source: '/shop',
      type,
      subject: session,
      time: new Date(NINE + afterMs).toISOString(),
      datacontenttype: 'application/json',
      // Ids are those of the session.
      data: 'retracts' in data ? { ...data, retracts: `${session}-${String(data.retracts)}` } : data,
    });
    const parsed = parseEvent(body, { receivedAtMs: NINE });
    if (!parsed.ok) throw new Error(parsed.error.detail);
    bodies.set(parsed.value.id, body);
    return { event: parsed.value, position };
  });
}

function derived(of: typeof tenant, events: readonly SessionEvent[]) {
  return { tenant: of, version: 10, session: deriveSession(events, ruleModels) };
}
