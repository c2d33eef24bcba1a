import { describe, expect, it } from 'vitest';
import { asRead, FeatureReader, type ReadableTurn } from './feature-reader.ts';
import { MOST_UNITS } from './gram-counter.ts';

const long = (word: string): string => Array.from({ length: MOST_UNITS }, (_, n) => `${word}${n}? `).join('');

const turns: readonly ReadableTurn[] = [
  { context: [], response: '' },
  { context: [{ role: 'assistant', text: 'Hello.' }], response: 'Sure' },
  {
    context: [
      { role: 'user', text: 'will it rain' },
      { role: 'assistant', text: long('earliest') },
      { role: 'user', text: 'and on Monday' },
      { role: 'assistant', text: long('earlier') },
      { role: 'user', text: long('request') },
    ],
    response: long('earlier request'),
    aftermath: { next: long('next'), behaviour: ['copied'] },
  },
];

describe('a turn as it is read', () => {
  it.each(['answer', 'aftermath'] as const)('has the same features to a reader of the %s', (reading) => {
    const reader = new FeatureReader(reading);
    expect(reader.read(turns.map(asRead))).toEqual(reader.read(turns));
  });

  it('holds of what came before two texts, none of them longer than is read, and the answer as it was', () => {
    for (const turn of turns) {
      const { context, response, aftermath } = asRead(turn);
      expect(context.length).toBeLessThanOrEqual(2);
      for (const text of [...context.map((said) => said.text), aftermath?.next ?? ''])
        expect(text.length).toBeLessThanOrEqual(MOST_UNITS);
      expect(response).toBe(turn.response);
    }
    expect(asRead({ context: [{ role: 'user', text: 'a' }], response: 'b' })).toEqual({
      context: [{ role: 'user', text: 'a' }],
      response: 'b',
    });
  });
});
