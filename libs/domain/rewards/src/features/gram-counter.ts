/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { PlaceCounter, type Grams } from './place-counter.ts';
import { BLANK, type UnitList } from './text-units.ts';
import { finish, HASH_OFFSET, step } from './unit-hash.ts';
import type { WordList } from './word-list.ts';

/** The shortest has two. */
const LONGEST_UNIT_GRAM = 5;

/**
 * Counts the n-grams of a folded text, one and two words long or two to five letters within a word and its edges, each hashed to one of 2^bits places
 * ("the hashing trick", Weinberger et al. 2009).
 *
 * One text at a time: what is returned is overwritten by the next call. O(length of the text).
 */
export class GramCounter {
  readonly #mask: number;
  readonly #counter: PlaceCounter;
  #places = new Int32Array(1024);

  constructor(bits: number) {
    this.#mask = 2 ** bits - 1;
    this.#counter = new PlaceCounter(bits);
  }

  /** @param salt apart from other salts: the same word is another feature in a request and in an answer */
  words({ size, hashes }: WordList, salt: number): Grams {
    const [places, mask] = [this.#roomFor(2 * size), this.#mask];
    let filled = 0;
    for (let word = 0; word < size; word++) {
      const hash = hashes[word]!;
      places[filled++] = finish(step(hash, salt)) & mask;
      if (word > 0) places[filled++] = finish(step(Math.imul(hashes[word - 1]!, 31) ^ hash, salt)) & mask;
    }
    return this.#counter.count(places, filled);
  }

  /** @param salt as of `words` */
  letters({ units, length }: UnitList, salt: number): Grams {
    // No word has more than four times as many grams as letters.
    const [places, mask] = [this.#roomFor((LONGEST_UNIT_GRAM - 1) * length), this.#mask];
    const salted = step(HASH_OFFSET, salt);
    let filled = 0;
    for (let start = 1; start <= length;) {
      if (units[start] === BLANK) {
        start++;
        continue;
      }
      let end = start + 1;
      while (units[end] !== BLANK) end++;
      for (let first = start - 1; first < end; first++) {
        const last = Math.min(end, first + LONGEST_UNIT_GRAM - 1);
        let hash = step(salted, units[first]!);
        for (let at = first + 1; at <= last; at++) {
          hash = step(hash, units[at]!);
          places[filled++] = finish(hash) & mask;
        }
      }
      start = end + 1;
    }
    return this.#counter.count(places, filled);
  }

  #roomFor(grams: number): Int32Array {
    if (grams > this.#places.length) this.#places = new Int32Array(2 * grams);
    return this.#places;
  }
}
