import { describe, expect, test } from 'vitest';
import { askedTurn } from './asked-turn.ts';
import { buildChain } from './build-chain.ts';
import type { ReformulationModel } from './reformulation/reformulation-model.ts';
import { reformulationRules } from './reformulation/reformulation-rules.ts';
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
import { TurnDraft } from './turn-draft.ts';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => letter.repeat(4));

/** The test vector of the mining chapter: how often, which requests, whether the session ended well. */
const VECTOR = [
  [6, ['A', 'B'], true],
  [2, ['A', 'C', 'B'], true],
  [1, ['A', 'C'], false],
  [3, ['A'], false],
  [10, ['B'], true],
  [1, ['B'], false],
  [3, ['C', 'B'], true],
  [2, ['C'], false],
] as const;

test('the 28 sessions of the test vector give its counts n and its ends', () => {
  const visits: Record<string, number> = { a: 0, b: 0, c: 0 };
  const ends: Record<string, number> = {};
  let sessions = 0;
  for (const [times, path, value] of VECTOR) {
    for (let i = 0; i < times; i++) {
      const requests = path.map((letter, index) => turn(index, letter));
      const { chain } = derive(
        ...requests,
        event('outcome', 'e-end', NINE + MINUTE, { name: 'success', value }),
      );
      const states = chain.steps.map(({ state }) => state);

      expect(states).toEqual(path.map((letter) => letter.toLowerCase()));
      for (const state of states) visits[state] = (visits[state] ?? 0) + 1;
      const end = `${states.at(-1) ?? ''} ${chain.end}`;
      ends[end] = (ends[end] ?? 0) + 1;
      sessions++;
    }
  }

  expect(sessions).toBe(28);
  expect(visits).toEqual({ a: 12, b: 22, c: 8 });
  expect(ends).toEqual({ 'b success': 21, 'b failure': 1, 'c failure': 3, 'a failure': 3 });
});

test('neighbouring turns of one state are one step, engaged when any of them was', () => {
  const { chain } = derive(
    turn(0, 'Weather'),
    turn(1, 'weather'),
    event('behaviour', 'e-1', NINE + 21 * SECOND, { turn: 't1', kind: 'clicked', rank: 1 }),
    turn(2, 'news'),
    turn(3, 'weather'),
  );

  expect(chain.steps.map(({ state, wording, turn: id, engaged }) => [state, wording, id, engaged])).toEqual([
    ['weather', 'Weather', 't0', true],
    ['news', 'news', 't2', false],
    ['weather', 'weather', 't3', false],
  ]);
});

test('a turn served under a fix is a state of its own', () => {
  const { chain } = derive(
    turn(0, 'weather'),
    turn(1, 'weather', { served: { fix: 'f-1', text: 'weather today' } }),
  );

  expect(chain.steps.map(({ state }) => state)).toEqual(['weather', 'weather\u001ff-1']);
});

test('thanks and goodbye are no steps, but end the session well', () => {
  const { chain } = deriveRequests('weather', 'Thank you, bye!');

  expect(chain.steps.map(({ state }) => state)).toEqual(['weather']);
  expect(chain.end).toBe('success');
});

describe('a goodbye leaves the end to what was said before it', () => {
  const sorry = { response: { text: "Sorry, I didn't get that." } };
  const liked = event('reaction', 'e-1', NINE + SECOND, { turn: 't0', kind: 'like' });
  const abandoned = event('behaviour', 'e-1', NINE + SECOND, { turn: 't0', kind: 'abandoned' });
  const settled = event('outcome', 'e-1', NINE + MINUTE, { name: 'success', value: true });

  test.each([
    ['nothing', derive(turn(0, 'play maj'), turn(1, 'bye')), 'unlabelled'],
    ['an answer that says it failed', derive(turn(0, 'play maj', sorry), turn(1, 'bye')), 'unlabelled'],
    ['a failed answer, politely', derive(turn(0, 'play maj', sorry), turn(1, 'thanks, bye')), 'unlabelled'],
    ['a like', derive(turn(0, 'play maj'), liked, turn(1, 'bye')), 'success'],
    ['thanks', deriveRequests('play maj', 'thanks', 'bye'), 'success'],
    ['giving up', derive(turn(0, 'play maj'), abandoned, turn(1, 'bye')), 'failure'],
    ['an outcome of the session', derive(turn(0, 'play maj', sorry), turn(1, 'bye'), settled), 'success'],
    ['nothing at all', deriveRequests('bye'), 'unlabelled'],
  ])('%s', (_, { chain }, end) => {
    expect(chain.end).toBe(end);
  });
});

test('a session of nothing but thanks still has its step', () => {
  expect(deriveRequests('thanks').chain.steps.map(({ state }) => state)).toEqual(['thanks']);
});

test('a defect on the last turn is a failure, silence is unlabelled', () => {
  const abandoned = event('behaviour', 'e-1', NINE + SECOND, { turn: 't0', kind: 'abandoned' });

  expect(derive(turn(0, 'weather'), abandoned).chain.end).toBe('failure');
  expect(deriveRequests('weather').chain.end).toBe('unlabelled');
});

describe('engaged: the user dealt with the answer before moving on', () => {
  test.each([
    ['copied', { turn: 't0', kind: 'copied' }, 1, true],
    ['dwelled long', { turn: 't0', kind: 'dwelled', ms: 10_000 }, 1, true],
    ['dwelled short', { turn: 't0', kind: 'dwelled', ms: 9_999 }, 1, false],
    ['interrupted', { turn: 't0', kind: 'interrupted' }, 1, false],
    ['copied after the next request', { turn: 't0', kind: 'copied' }, 21, false],
  ] as const)('%s', (_, data, seconds, engaged) => {
    const { chain } = derive(
      turn(0, 'weather'),
      event('behaviour', 'e-1', NINE + seconds * SECOND, data),
      turn(1, 'news'),
    );

    expect(chain.steps[0]?.engaged).toBe(engaged);
  });

  test.each([
    ['like', true],
    ['wow', false],
    ['dislike', false],
  ])('%s', (kind, engaged) => {
    const reaction = event('reaction', 'e-1', NINE + SECOND, { turn: 't0', kind });

    expect(derive(turn(0, 'weather'), reaction).chain.steps[0]?.engaged).toBe(engaged);
  });
});

describe('explored: three topics in a row, none like another', () => {
  test.each([
    ['three unrelated requests', ['A', 'C', 'B'], true],
    ['two topics', ['weather', 'play jazz'], false],
    ['there and back again', ['weather', 'play jazz', 'weather'], false],
    ['one topic put three ways', ['weather', 'weather in paris', 'paris weather tomorrow'], false],
    ['a request that leans on the one before', ['weather', 'is it cold there', 'play jazz'], false],
    ['repeats do not make topics', ['weather', 'weather', 'play jazz', 'play jazz'], false],
    ['a walk after a struggle', ['weathr', 'weather', 'play jazz', 'taxi home'], true],
  ])('%s', (_, requests, explored) => {
    expect(deriveRequests(...requests).chain.explored).toBe(explored);
  });

  test('no pair of requests is judged twice, however long the session', () => {
    const judged: string[] = [];
    const model: ReformulationModel = {
      ...reformulationRules,
      judge: (pair) => {
        judged.push(`${pair.earlier.profile.text}, ${pair.later.profile.text}`);
        const kind = /bbbb|dddd/.test(pair.earlier.profile.text) ? 'rephrase' : 'none';
        return { kind, probability: 0.6 };
      },
    };
    const { turns } = deriveRequests(...LETTERS);
    const asked = logged(LETTERS.map((letter, i) => turn(i, letter))).flatMap(({ event: one }) =>
      one.name === 'turn' ? [askedTurn(new TurnDraft(one))] : [],
    );

    expect(buildChain(turns, asked, model).explored).toBe(false);
    expect(judged).toEqual([...new Set(judged)]);
  });

  test('replies to questions stay with their topic', () => {
    const ask = { response: { text: 'Which day?' } };

    expect(
      derive(turn(0, 'book a table', ask), turn(1, 'monday', ask), turn(2, 'two people')).chain.explored,
    ).toBe(false);
  });
});
