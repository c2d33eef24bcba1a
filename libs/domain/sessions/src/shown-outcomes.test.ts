import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { derive, event, NINE, SECOND, turn } from './session-events.fixture.ts';
import { judgeSession } from './judge-session.ts';
import { shownOutcomes, withRuledDefects } from './shown-outcomes.ts';

const REQUESTS = [
  'weather',
  'weather in paris',
  'no i said rome',
  'thanks',
  'bye',
  'play jazz',
  'that is wrong',
];
const ANSWERS = ['Here it is.', 'Sorry, I could not find that.', 'Which city?'];
const BEHAVIOUR = ['copied', 'regenerated', 'abandoned', 'interrupted', 'stopped', 'escalated'] as const;

const asked = fc.array(
  fc.record({
    request: fc.constantFrom(...REQUESTS),
    answer: fc.constantFrom(...ANSWERS),
    did: fc.subarray([...BEHAVIOUR]),
  }),
  { minLength: 1, maxLength: 6 },
);

test('where nobody stated anything they are the outcomes that the session was derived with', () => {
  fc.assert(
    fc.property(asked, (turns) => {
      const derived = derive(
        ...turns.map(({ request, answer }, at) => turn(at, request, { response: { text: answer } })),
        ...turns.flatMap(({ did }, at) =>
          did.map((kind, n) =>
            event('behaviour', `b-${String(at)}-${String(n)}`, NINE + at * 20 * SECOND + n, {
              turn: `t${String(at)}`,
              kind,
            }),
          ),
        ),
      );
      expect(shownOutcomes(derived.turns)).toEqual(derived.turns.map(({ outcome }) => outcome));
    }),
    { seed: 20260301, numRuns: 300 },
  );
});

test('those kept by the rules are the turns that no model decides', () => {
  fc.assert(
    fc.property(asked, (turns) => {
      const derived = derive(
        ...turns.map(({ request, answer }, at) => turn(at, request, { response: { text: answer } })),
      );
      const judged = judgeSession(
        derived,
        { id: 'defect-1', threshold: 0.5 },
        turns.map(() => 0.9),
      );
      expect(withRuledDefects(derived.turns).map(({ keptByRules }) => keptByRules === true)).toEqual(
        judged.turns.map(({ outcome }) => outcome.decidedBy !== 'model'),
      );
    }),
    { seed: 20260301, numRuns: 100 },
  );
});

describe('what the rules say without what was stated', () => {
  it.each([
    ['a reaction', event('reaction', 'r', NINE + SECOND, { turn: 't0', kind: 'thumbs-up' })],
    [
      'a rating',
      event('rating', 'r', NINE + SECOND, {
        ...{ turn: 't0', aspect: 'help', value: 5, scale: { min: 1, max: 5 }, by: 'human' },
      }),
    ],
    ['an outcome', event('outcome', 'r', NINE + SECOND, { turn: 't0', name: 'success', value: true })],
  ] as const)('looks past %s', (_, stated) => {
    const said = [turn(0, 'weather in rome'), turn(1, 'that is wrong')];
    expect(derive(...said, stated).turns[0]?.outcome.kind).toBe('success');
    expect(shownOutcomes(derive(...said, stated).turns)).toEqual(shownOutcomes(derive(...said).turns));
    expect(shownOutcomes(derive(...said, stated).turns)[0]?.kind).toBe('defect');
  });
});
