import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GramCounter } from './gram-counter.ts';
import type { Grams } from './place-counter.ts';
import { MOST_UNITS, TextUnits } from './text-units.ts';
import { WordList } from './word-list.ts';

const BITS = 18;

/** Of texts as they are given: folded, and then counted. */
class TextCounter {
  readonly #grams = new GramCounter(BITS);
  readonly #units = new TextUnits();

  words(text: string, salt: number): Grams {
    const words = new WordList();
    words.read(this.#units.read(text).folded);
    return this.#grams.words(words, salt);
  }

  letters(text: string, salt: number): Grams {
    return this.#grams.letters(this.#units.read(text).folded, salt);
  }
}

const counter = new TextCounter();

function listed({ size, places, counts }: Grams): readonly (readonly [number, number])[] {
  return Array.from({ length: size }, (_, n) => [places[n] ?? -1, counts[n] ?? -1] as const);
}

function total(grams: Grams): number {
  return listed(grams).reduce((sum, [, count]) => sum + count, 0);
}

describe('GramCounter', () => {
  it('counts one gram for each word and each two neighbours', () => {
    expect(total(counter.words('Play some jazz, please!', 1))).toBe(6 + 5);
    expect(total(counter.words('', 1))).toBe(0);
    expect(total(counter.words('   \n', 1))).toBe(0);
  });

  it('counts two to five letters of each word and its edges', () => {
    // " ab ": 3 of two, 2 of three, 1 of four.
    expect(total(counter.letters('ab', 1))).toBe(6);
    expect(total(counter.letters('ab ab', 1))).toBe(12);
    expect(counter.letters('ab ab', 1).size).toBe(6);
  });

  it('gives every text the same grams whatever was counted before it, each place once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, before) => {
        const first = listed(new TextCounter().letters(text, 3));
        counter.letters(before, 3);
        const second = listed(counter.letters(text, 3));
        expect(second).toEqual(first);
        expect(new Set(second.map(([place]) => place)).size).toBe(second.length);
        expect(second.every(([place, count]) => place >= 0 && place < 2 ** BITS && count >= 1)).toBe(true);
      }),
      { seed: 7 },
    );
  });

  it('does not tell capitals and compatibility forms apart', () => {
    expect(listed(counter.words('ＰＬＡＹ Jazz', 1))).toEqual(listed(counter.words('play jazz', 1)));
  });

  it('takes the same word for another under another salt', () => {
    expect(listed(counter.words('jazz', 1))).not.toEqual(listed(counter.words('jazz', 2)));
  });

  it('reads a text of any length, up to its bound', () => {
    const long = Array.from({ length: MOST_UNITS }, (_, n) => `w${String(n)}`).join(' ');
    const grams = listed(counter.letters(long, 1));
    expect(listed(counter.letters(long.slice(0, MOST_UNITS), 1))).toEqual(grams);
  });

  it('spreads words evenly over the places', () => {
    const places = new Set<number>();
    for (let n = 0; n < 4000; n++)
      for (const [place] of listed(counter.words(`word${String(n)}`, 1))) places.add(place % 64);
    expect(places.size).toBe(64);
    const collisions =
      4000 -
      new Set(Array.from({ length: 4000 }, (_, n) => counter.words(`word${String(n)}`, 1).places[0])).size;
    // By chance 4000^2 / 2^19 = 30 of them.
    expect(collisions).toBeLessThan(60);
  });
});
