import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asRead, FeatureReader, type ReadableTurn } from './feature-reader.ts';
import type { FeatureTable } from './feature-table.ts';
import { plainFeatures, type PlainFeatures } from './plain-features.fixture.ts';
import { MOST_UNITS } from './text-units.ts';

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

/** Any text, and such as are made of what is read in a way of its own: capitals, signs, blanks of every kind, compatibility forms, marks, halves of pairs. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0x2ff }).map((unit) => String.fromCharCode(unit)) }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'jazz',
          'Jazz',
          'ΟΔΟΣ',
          'İstanbul',
          'straße',
          'ﬁn',
          'ªº²¼',
          'e\u0301',
          '\ud83d',
          '😀',
          '42',
          'ＰＬＡＹ',
        ],
        ...[
          '한국',
          '\u1112\u1161',
          '¨',
          '. ',
          '? ',
          '!',
          ', ',
          ' ',
          '\n',
          '\t',
          '\u00a0',
          '\u3000',
          '\u0000',
          '\u0085',
        ],
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);
const turn: fc.Arbitrary<ReadableTurn> = fc.record({
  context: fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), text }), { maxLength: 3 }),
  response: text,
  aftermath: fc.record({
    next: text,
    pauseMs: fc.nat(100_000),
    dwellMs: fc.nat(100_000),
    turnsBefore: fc.nat(60),
    behaviour: fc.subarray(['copied', 'edited', 'stopped', 'unheard of']),
  }),
});

function rowsOf(table: FeatureTable): readonly PlainFeatures[] {
  const { turns: count, bags, numbers, starts, places, weights, values } = table;
  return Array.from({ length: count }, (_, row) => ({
    bags: Array.from({ length: bags }, (_unused, bag) => {
      const [start, end] = [starts[row * bags + bag] ?? 0, starts[row * bags + bag + 1] ?? 0];
      return Array.from(
        places.subarray(start, end),
        (place, n) => [place, weights[start + n] ?? NaN] as const,
      );
    }),
    numbers: Array.from(values.subarray(row * numbers, (row + 1) * numbers)),
  }));
}

function inFloats({ bags, numbers }: PlainFeatures): PlainFeatures {
  return {
    bags: bags.map((bag) => bag.map(([place, weight]) => [place, Math.fround(weight)] as const)),
    numbers: numbers.map(Math.fround),
  };
}

describe.each(['answer', 'aftermath'] as const)('a reader of the %s', (reading) => {
  it('reads what the features are said to be, whatever it read before', () => {
    const reader = new FeatureReader(reading);
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 4 }), (some) => {
        expect(rowsOf(reader.read(some))).toEqual(
          some.map((one) => inFloats(plainFeatures(one, reading === 'aftermath'))),
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('reads long texts as it reads short ones', () => {
    expect(rowsOf(new FeatureReader(reading).read(turns))).toEqual(
      turns.map((one) => inFloats(plainFeatures(one, reading === 'aftermath'))),
    );
  });
});
