import { expect, test } from 'vitest';
import { stateOf, stateOfInterpretation } from './state-of.ts';

test.each([
  ['the normalised text', { request: ' Play  Jazz! ' }, 'play jazz'],
  [
    'the interpretation when one was sent',
    { request: 'Play Jazz', interpretation: 'play{genre=jazz}' },
    'play{genre=jazz}',
  ],
  ['with the fix that served it', { request: 'Play Jaz', servedFix: 'f-1' }, 'play jaz\u001ff-1'],
])('a state is %s', (_, turn, state) => {
  expect(stateOf(turn)).toBe(state);
});

test('slots stand in order of their names, whatever order they came in', () => {
  expect(stateOfInterpretation({ intent: 'play', slots: { b: 'y', a: 'x' } })).toBe('play{a=x,b=y}');
  expect(stateOfInterpretation({ intent: 'play', slots: { a: 'x', b: 'y' } })).toBe('play{a=x,b=y}');
});

test('an intent without slots is not the text that spells it', () => {
  expect(stateOfInterpretation({ intent: 'weather' })).toBe('weather{}');
});
