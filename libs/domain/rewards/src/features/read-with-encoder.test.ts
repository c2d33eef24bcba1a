import { seededRandom } from '@heed/kernel';
import { areaUnderRoc } from '@heed/statistics';
import { describe, expect, it } from 'vitest';
import { scoreTurns } from '../reward-head.ts';
import { fitHead } from '../training/fit-head.ts';
import { scalingOf } from '../training/scaling.ts';
import { FeatureReader, type ReadableTurn, type Reading } from './feature-reader.ts';
import { readWithEncoder } from './read-with-encoder.ts';
import type { SentenceEncoder } from './sentence-encoder.ts';

/** Knows two meanings and nothing of words: every word has one of them, by the parity of its length, and a text has the sum. */
function parityEncoder(version = 'parity-1'): SentenceEncoder {
  const rowOf = (text: string): readonly number[] => {
    const words = text.split(' ').filter((word) => word !== '');
    const odd = words.filter(({ length }) => length % 2 === 1).length;
    return [words.length - odd, odd];
  };
  return {
    version,
    size: 2,
    embed: (texts) => Promise.resolve(Float32Array.from(texts.flatMap(rowOf))),
  };
}

const encoder = parityEncoder();
const said = (request: string, response: string, next?: string): ReadableTurn => ({
  context: [{ role: 'user', text: request }],
  response,
  ...(next !== undefined && { aftermath: { next, behaviour: [] } }),
});

describe('readWithEncoder', () => {
  it('adds the vectors of request and answer and their products to the native numbers', async () => {
    const turns = [said('a bb', 'ccc d eeee'), said('', 'no')];
    const native = new FeatureReader('answer').read(turns);
    const table = await readWithEncoder('answer', turns, encoder);
    expect(table).toMatchObject({ turns: 2, places: native.places, weights: native.weights });
    expect(table.encoded).toEqual({ by: 'parity-1', numbers: 6 });
    const rows = turns.map((_, row) => [
      ...table.values.subarray(row * table.numbers, (row + 1) * table.numbers),
    ]);
    const nativeRow = (row: number): number[] => [
      ...native.values.subarray(row * native.numbers, (row + 1) * native.numbers),
    ];
    expect(rows).toEqual([
      [...nativeRow(0), 1, 1, 1, 2, 1, 2],
      [...nativeRow(1), 0, 0, 1, 0, 0, 0],
    ]);
  });

  it('adds the next words too where the aftermath is read, and nothing for words that were not said', async () => {
    const table = await readWithEncoder('aftermath', [said('a', 'bb', 'cc d'), said('a', 'bb')], encoder);
    const own = (row: number): number[] => [
      ...table.values.subarray((row + 1) * table.numbers - 12, (row + 1) * table.numbers),
    ];
    expect(own(0)).toEqual([0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0]);
    expect(own(1)).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('refuses vectors that are not one of its size for each text', async () => {
    const read = readWithEncoder('answer', [said('a', 'bb')], { ...encoder, size: 3 });
    await expect(read).rejects.toMatchObject({
      code: 'encoder-gives-otherwise',
      message: expect.stringContaining('gave 4 numbers for 2 texts, where 3 for each are 6') as string,
    });
  });

  it('makes all numbers of the encoder together count as much as all the others together', async () => {
    const random = seededRandom(7);
    const word = (): string => 'x'.repeat(1 + random.below(9));
    const turns = Array.from({ length: 500 }, () =>
      said(`${word()} ${word()}?`, `${word()}, ${word()} ${word()}!`),
    );
    const table = await readWithEncoder('answer', turns, encoder);
    // Every number varies alike, so that what scaling makes of them is all that tells them apart.
    const { perDeviation } = scalingOf({ ...table, values: table.values.map(() => random.next()) });
    const squares = (from: number, to: number): number =>
      perDeviation.subarray(from, to).reduce((sum, value) => sum + value ** 2, 0);
    const own = table.numbers - 6;
    expect(squares(own, table.numbers) / squares(0, own)).toBeCloseTo(1, 1);
  });
});

describe('a model with an encoder', () => {
  const random = seededRandom(11);
  /** Users love an answer whose words are mostly of odd length: no word comes twice, so that only the encoder can tell. */
  const rows = Array.from({ length: 900 }, (_, n) => {
    const label = Number(random.chance(0.5));
    const response = Array.from({ length: 6 }, (_unused, at) => {
      const isOdd = random.chance(label === 1 ? 0.8 : 0.2);
      return `${String(n)}${'abcdefghij'[at] ?? ''}`.padEnd(isOdd ? 9 : 10, String.fromCodePoint(0x4e00 + n));
    }).join(' ');
    return { turn: said('', response), label };
  });
  const labels = Uint8Array.from(rows, ({ label }) => label);
  const turns = rows.map(({ turn }) => turn);

  async function fitted(reading: Reading) {
    const read = (from: number, to: number) => readWithEncoder(reading, turns.slice(from, to), encoder);
    return fitHead(
      reading,
      { table: await read(0, 500), labels: labels.slice(0, 500) },
      { table: await read(500, 700), labels: labels.slice(500, 700) },
      0,
      7,
    ).head;
  }

  it('learns from its numbers, and says which encoder it needs', async () => {
    const head = await fitted('answer');
    expect(head.featuresVersion).toBe('grams-1+parity-1');
    const { logits } = scoreTurns(head, await readWithEncoder('answer', turns.slice(700), encoder));
    expect(areaUnderRoc({ scores: logits, labels: labels.slice(700) })).toBeGreaterThan(0.9);
  });

  it('refuses turns that were read without it, or with another one', async () => {
    const head = await fitted('answer');
    expect(() => scoreTurns(head, new FeatureReader('answer').read(turns))).toThrow(
      'trained on the features grams-1+parity-1, and these turns were read as grams-1',
    );
    const table = await readWithEncoder('answer', turns, parityEncoder('other'));
    expect(() => scoreTurns(head, table)).toThrow('these turns were read as grams-1+other');
  });
});
