import { normaliseText } from '@heed/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SERVED_BY, stateOf, stateOfInterpretation, type Interpretation } from './state-of.ts';

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

test.each<[string, Interpretation, string]>([
  ['a separator in a value', { intent: 'play', slots: { a: 'x,b=y' } }, 'play{a=x\\,b\\=y}'],
  ['braces and a backslash', { intent: 'a{b}', slots: { '\\': '}' } }, 'a\\{b\\}{\\\\=\\}}'],
  ['a control character', { intent: 'play', slots: { a: 'x\u001ffix-1' } }, 'play{a=x\\u001ffix-1}'],
])('%s is escaped', (_, interpretation, state) => {
  expect(stateOfInterpretation(interpretation)).toBe(state);
});

test.each(['play jazz\u001ffix-1', '\u001f', 'Play\u001fJazz'])(
  'no request such as %j forges a served state',
  (request) => {
    expect(stateOf({ request })).not.toContain(SERVED_BY);
  },
);

const text = fc.string({
  unit: fc.constantFrom('a', 'u', '0', '{', '}', ',', '=', '\\', '\u001f', '.', ' '),
});
const interpretations = fc.record({ intent: text, slots: fc.dictionary(text, text, { maxKeys: 3 }) });

test('two interpretations have one state only when they are equal', () => {
  fc.assert(
    fc.property(interpretations, interpretations, (a, b) => {
      const same = stateOfInterpretation(a) === stateOfInterpretation(b);

      expect(same).toBe(
        a.intent === b.intent && JSON.stringify(sorted(a.slots)) === JSON.stringify(sorted(b.slots)),
      );
    }),
    {
      seed: 11,
      numRuns: 3000,
      examples: [
        [
          { intent: 'i', slots: { a: 'x,b=y' } },
          { intent: 'i', slots: { a: 'x', b: 'y' } },
        ],
      ],
    },
  );
});

test('no text has the state of an interpretation', () => {
  fc.assert(
    fc.property(interpretations, text, (interpretation, end) => {
      const state = stateOfInterpretation(interpretation);

      expect(normaliseText(state)).not.toBe(state);
      expect(stateOf({ request: state + end })).not.toBe(state);
      expect(state).not.toContain(SERVED_BY);
    }),
    { seed: 12, numRuns: 2000, examples: [[{ intent: 'play', slots: { a: 'x' } }, '']] },
  );
});

function sorted(slots: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(slots).sort(([a], [b]) => (a < b ? -1 : 1));
}
