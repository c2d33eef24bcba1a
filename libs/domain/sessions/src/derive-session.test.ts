import type { EventData, EventOf } from '@heed/events';
import { describe, expect, test } from 'vitest';
import { deriveSession } from './derive-session.ts';
import { ruleModels } from './session-models.ts';
import {
  derive,
  deriveRequests,
  event,
  logged,
  MINUTE,
  NINE,
  SECOND,
  turn,
} from './session-events.fixture.ts';

test('a session is described whole: span, day, user, turns and the versions of the models', () => {
  const session = derive(turn(0, ' Play Maj and Dragons! '), turn(1, 'play imagine dragons'));

  expect(session).toMatchObject({
    session: 's-1',
    startedAtMs: NINE,
    endedAtMs: NINE + 20 * SECOND,
    day: '2026-03-01',
    user: 'u-1',
    storedEvents: 2,
    orphans: [],
    models: {
      reformulation: 'reformulation-rules-1',
      followUp: 'follow-up-rules-1',
      outcome: 'outcome-rules-1',
    },
  });
  expect(session.turns.map(({ state }) => state)).toEqual(['play maj and dragons', 'play imagine dragons']);
  expect(session.chain.steps[0]).toEqual({
    state: 'play maj and dragons',
    wording: 'Play Maj and Dragons!',
    turn: 't0',
    engaged: false,
  });
});

test('a turn keeps what the application said of it', () => {
  const session = derive(
    turn(0, 'play maj', {
      request: { text: 'play maj', interpretation: { intent: 'play', slots: { b: 'y', a: 'x' } } },
      response: { text: 'Playing', model: 'm-1' },
      served: { fix: 'f-1', text: 'play imagine' },
      latencyMs: 12,
      locale: 'en-GB',
      surface: 'car',
    }),
  );

  expect(session.turns[0]).toMatchObject({
    interpretation: 'play{a=x,b=y}',
    response: 'Playing',
    responseModel: 'm-1',
    servedFix: 'f-1',
    servedText: 'play imagine',
    latencyMs: 12,
    locale: 'en-GB',
    surface: 'car',
    state: 'play{a=x,b=y}\u001ff-1',
  });
});

test('a response of its own completes the turn, and the last one by time stands', () => {
  const session = derive(
    turn(0, 'weather', { response: { text: 'one moment' }, latencyMs: 1 }),
    event('response', 'e-b', NINE + 2 * SECOND, { turn: 't0', response: { text: 'sunny' }, latencyMs: 900 }),
    event('response', 'e-a', NINE + SECOND, { turn: 't0', response: { text: 'thinking' } }),
  );

  expect(session.turns[0]).toMatchObject({ response: 'sunny', latencyMs: 900 });
  expect(session.storedEvents).toBe(3);
});

test('of a turn sent twice under different ids the first by time is the turn, and the other has no effect', () => {
  const again = {
    ...event('turn', 'e-again', NINE + 5 * MINUTE, { turn: 't0', user: 'u-2', request: { text: 'other' } }),
  };

  const session = derive(again, turn(0, 'weather'));

  expect(session.turns.map(({ request }) => request)).toEqual(['weather']);
  expect(session).toMatchObject({ user: 'u-1', endedAtMs: NINE, storedEvents: 2 });
});

test('an event that names an unknown turn is an orphan, at its first place in the log, until the turn comes', () => {
  const like = event('reaction', 'e-like', NINE + MINUTE, { turn: 't1', user: 'u-9', kind: 'like' });

  const waiting = derive(turn(0, 'weather'), like);
  const complete = derive(turn(0, 'weather'), like, turn(1, 'news'));

  expect(waiting.orphans).toEqual([
    { event: 'e-like', eventType: 'heed.reaction.v1', turn: 't1', atMs: NINE + MINUTE, position: 1 },
  ]);
  expect(waiting).toMatchObject({ storedEvents: 1, endedAtMs: NINE });
  expect(complete.orphans).toEqual([]);
  expect(complete.turns[1]?.signals).toHaveLength(1);
});

test('a session of orphans alone has no turns and an unlabelled end', () => {
  const session = derive(event('comment', 'e-1', NINE, { turn: 'gone', text: 'bad' }));

  expect(session).toMatchObject({ turns: [], storedEvents: 0, startedAtMs: NINE, endedAtMs: NINE });
  expect(session.chain).toEqual({ steps: [], end: 'unlabelled', explored: false });
});

test('what comes after the session closed counts, but does not make it longer', () => {
  const session = derive(
    turn(0, 'weather'),
    event('behaviour', 'e-1', NINE + 20 * MINUTE, { turn: 't0', kind: 'copied' }),
    event('outcome', 'e-2', NINE + 26 * 60 * MINUTE, { name: 'success', value: false }),
  );

  expect(session).toMatchObject({ endedAtMs: NINE + 20 * MINUTE, day: '2026-03-01' });
  expect(session.turns[0]?.outcome).toEqual({ kind: 'defect', probability: 0, decidedBy: 'outcome' });
});

test('a success that names its turn settles that turn, one that names none the last turn, the newest word last', () => {
  const session = derive(
    turn(0, 'weather'),
    turn(1, 'news'),
    event('outcome', 'e-1', NINE + MINUTE, { turn: 't0', name: 'success', value: 0 }),
    event('outcome', 'e-2', NINE + MINUTE, { name: 'success', value: false }),
    event('outcome', 'e-3', NINE + 2 * MINUTE, { name: 'success', value: 0.5 }),
    event('outcome', 'e-4', NINE + 3 * MINUTE, { name: 'purchase', value: false }),
  );

  expect(session.turns.map(({ outcome }) => outcome)).toEqual([
    { kind: 'defect', probability: 0, decidedBy: 'outcome' },
    { kind: 'success', probability: 1, decidedBy: 'outcome' },
  ]);
  expect(session.chain.end).toBe('success');
  expect(session.turns[1]?.signals.map(({ kind, value }) => [kind, value])).toEqual([
    ['outcome.success', 0],
    ['outcome.success', 0.5],
    ['outcome.purchase', 0],
  ]);
});

test('of two outcomes the one that happened last stands, whichever was sent last', () => {
  const settled = (id: string, minutes: number, value: boolean, occurredAt?: string): EventOf<'outcome'> =>
    event('outcome', id, NINE + minutes * MINUTE, {
      name: 'success',
      value,
      ...(occurredAt !== undefined && { occurredAt }),
    });

  const session = derive(
    turn(0, 'weather'),
    settled('e-1', 1, true),
    settled('e-2', 9, false, '2026-03-01T09:00:30Z'),
  );
  const zoned = derive(
    turn(0, 'weather'),
    settled('e-1', 1, true, '2026-03-01T13:00:00+02:00'),
    settled('e-2', 9, false),
  );

  expect(session.turns[0]?.outcome.kind).toBe('success');
  expect(zoned.turns[0]?.outcome.kind).toBe('success');
});

describe('only a reaction to the same turn, by the same user, takes one back', () => {
  const like = event('reaction', 'e-like', NINE + SECOND, { turn: 't0', user: 'u-1', kind: 'like' });
  const retraction = (more: Partial<EventData['reaction']>): EventOf<'reaction'> =>
    event('reaction', 'e-back', NINE + MINUTE, { turn: 't0', kind: 'like', retracts: 'e-like', ...more });

  test.each([
    ['the same user', retraction({ user: 'u-1' }), 0],
    ['somebody who is not named', retraction({}), 0],
    ['another user', retraction({ user: 'u-2' }), 1],
    ['an orphan', retraction({ user: 'u-1', turn: 'gone' }), 1],
    ['a reaction to another turn', retraction({ user: 'u-1', turn: 't1' }), 1],
  ])('%s', (_, back, likes) => {
    const { turns } = derive(turn(0, 'weather'), like, turn(1, 'news'), back);

    expect(turns.map(({ signals }) => signals.length)).toEqual([likes, 0]);
  });
});

test('an erasure is stored and has no effect yet', () => {
  const session = derive(
    turn(0, 'weather', { user: 'u-2' }),
    event('erasure', 'e-0', NINE - SECOND, { user: 'u-1' }),
  );

  expect(session).toMatchObject({ user: 'u-2', storedEvents: 2, startedAtMs: NINE, endedAtMs: NINE });
});

test('a turn says what the next one is to it, the last turn says nothing', () => {
  const { turns } = deriveRequests('turn on the bathroom light', 'no i said bedroom', 'thanks');

  expect(turns.map(({ followUp }) => followUp?.kind)).toEqual(['corrects', 'thanks', undefined]);
  expect(turns[1]?.reformulation).toMatchObject({ kind: 'correct', repairs: 't0' });
  expect(turns.map(({ outcome }) => [outcome.kind, outcome.decidedBy])).toEqual([
    ['defect', 'reformulated'],
    ['success', 'thanked'],
    ['success', 'gave-thanks'],
  ]);
});

test('a request is held against the nearest of the likeliest turns before it', () => {
  const { turns } = deriveRequests('weather', 'news', 'weather', 'weather in paris');

  expect(turns.map(({ reformulation }) => [reformulation.kind, reformulation.repairs])).toEqual([
    ['none', undefined],
    ['none', undefined],
    ['repeat', 't0'],
    ['narrow', 't2'],
  ]);
});

test('a turn beyond the window is not looked at', () => {
  const others = ['jazz', 'alarm', 'lamp', 'taxi', 'pizza'];

  const { turns } = deriveRequests('weather', ...others, 'weather');

  expect(turns.at(-1)?.reformulation.kind).toBe('none');
});

test('a reply to a question of the assistant is less likely a reformulation', () => {
  const asked = derive(
    turn(0, 'check my balance', { response: { text: 'Which balance?' } }),
    turn(1, 'my savings balance'),
  );
  const told = derive(
    turn(0, 'check my balance', { response: { text: 'Done.' } }),
    turn(1, 'my savings balance'),
  );

  expect(told.turns[1]?.reformulation.kind).toBe('rephrase');
  expect(asked.turns[1]?.reformulation.probability).toBeLessThan(
    told.turns[1]?.reformulation.probability ?? 0,
  );
});

test('a session of 50 000 turns with long requests is derived', { timeout: 60_000 }, () => {
  const text = 'tell me a long story about the sea '.repeat(20);
  const events = logged(Array.from({ length: 50_000 }, (_, i) => turn(i, `${text}${String(i)}`)));

  const session = deriveSession(events, ruleModels);

  expect(session.turns).toHaveLength(50_000);
  expect(session.chain.steps).toHaveLength(50_000);
});

test('a request of 64 KiB is derived, and only its beginning is compared', () => {
  const long = 'word '.repeat(13_000);

  const { turns } = deriveRequests(`${long}x`, `${long}y`);

  expect(turns[1]?.reformulation).toMatchObject({ kind: 'rephrase', repairs: 't0' });
});

test('a session without any event is refused', () => {
  expect(() => deriveSession([], ruleModels)).toThrow(
    new RangeError('deriveSession needs at least one event of the session'),
  );
});
