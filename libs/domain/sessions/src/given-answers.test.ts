import { turnId } from '@heed/kernel';
import { expect, it } from 'vitest';
import { givenAnswers } from './given-answers.ts';
import { derive, event, logged, MINUTE, NINE, turn } from './session-events.fixture.ts';

const answer = (of: string, n: number) =>
  event('response', `e-answer-${of}-${String(n)}`, NINE + n * MINUTE, {
    turn: of,
    response: { text: `${of} ${String(n)}` },
  });

it('gives the answers of a turn in their order, what came with it first, and last what the session has', () => {
  const events = [
    turn(0, 'play jazz', { response: { text: 'at once' } }),
    turn(1, 'louder', { response: { text: 'only this' } }),
    turn(2, 'softer'),
    answer('t0', 3),
    answer('t0', 2),
    answer('t2', 4),
    answer('unknown', 5),
  ];
  const answers = givenAnswers(logged(events));
  expect([...answers.keys()].toSorted()).toEqual(['t0', 't2']);
  expect(answers.get(turnId('t0'))).toEqual([
    { atMs: NINE, text: 'at once' },
    { atMs: NINE + 2 * MINUTE, text: 't0 2' },
    { atMs: NINE + 3 * MINUTE, text: 't0 3' },
  ]);
  const derived = derive(...events);
  for (const [named, given] of answers)
    expect(given.at(-1)?.text).toBe(derived.turns.find((one) => one.turn === named)?.response);
  expect(givenAnswers(logged(events.toReversed()))).toEqual(answers);
});

it('takes nothing that stands apart from its turn', () => {
  const [asked, apart] = logged([turn(0, 'play jazz'), answer('t0', 1)]);
  if (asked === undefined || apart === undefined) throw new Error('two events');
  expect(givenAnswers([asked, { ...apart, apart: true }])).toEqual(new Map());
});
