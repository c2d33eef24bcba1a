/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { kindOfUnit, UNIT } from './unit-kinds.ts';

/** Texts are read up to here, in UTF-16 units: an answer says what it is like long before. */
export const MOST_UNITS = 16_384;

/** The shortest has two. */
const LONGEST_UNIT_GRAM = 5;

/** The distinct grams of one text: places in the table of weights, and how often each comes. */
export interface Grams {
  /** How many there are; the arrays may be longer. */
  readonly size: number;
  readonly places: Int32Array;
  readonly counts: Float32Array;
}

/**
 * Counts the n-grams of a text, one and two words long or two to five letters within a word and its edges, each hashed to one of 2^bits places
 * ("the hashing trick", Weinberger et al. 2009). Letter case is folded, and so are the compatibility forms of Unicode.
 *
 * One text at a time: what is returned is overwritten by the next call. O(length of the text), whatever the size of the table.
 */
export class GramCounter {
  readonly #mask: number;
  /** Where each place stands in the list, if it is there: what an earlier text left is told by the list itself (Briggs and Torczon 1993). */
  readonly #standsAt: Int32Array;
  #size = 0;
  #places = new Int32Array(1024);
  #counts = new Float32Array(1024);
  /** The text that was read last, folded, and its units: words and letters are mostly asked of one text. */
  #text = '';
  #units = new Uint16Array(1024);
  #length = 0;

  constructor(bits: number) {
    this.#mask = 2 ** bits - 1;
    this.#standsAt = new Int32Array(2 ** bits);
  }

  /** @param salt apart from other salts: the same word is another feature in a request and in an answer */
  words(text: string, salt: number): Grams {
    const units = this.#begin(text);
    let before = 0;
    let isAfterWord = false;
    for (let at = 0; at < this.#length;) {
      const kind = kindOfUnit(units[at]!);
      let end = at + 1;
      if (kind === UNIT.blank) {
        at = end;
        continue;
      }
      let hash = step(OFFSET, units[at]!);
      while (kind === UNIT.letter && end < this.#length && kindOfUnit(units[end]!) === UNIT.letter)
        hash = step(hash, units[end++]!);
      this.#count(finish(step(hash, salt)));
      if (isAfterWord) this.#count(finish(step(Math.imul(before, 31) ^ hash, salt)));
      before = hash;
      isAfterWord = true;
      at = end;
    }
    return this.#counted();
  }

  /** @param salt as of `words` */
  letters(text: string, salt: number): Grams {
    const units = this.#begin(text);
    for (let at = 0; at < this.#length;) {
      if (kindOfUnit(units[at]!) === UNIT.blank) {
        at++;
        continue;
      }
      let end = at + 1;
      while (end < this.#length && kindOfUnit(units[end]!) !== UNIT.blank) end++;
      this.#countWithin(units, at, end, step(OFFSET, salt));
      at = end;
    }
    return this.#counted();
  }

  /** Of the word from `start` to `end`, a blank at either edge. */
  #countWithin(units: Uint16Array, start: number, end: number, salted: number): void {
    for (let first = start - 1; first < end; first++) {
      const last = Math.min(end, first + LONGEST_UNIT_GRAM - 1);
      let hash = step(salted, first < start ? BLANK : units[first]!);
      for (let at = first + 1; at <= last; at++) {
        hash = step(hash, at === end ? BLANK : units[at]!);
        this.#count(finish(hash));
      }
    }
  }

  #begin(text: string): Uint16Array {
    this.#size = 0;
    if (text === this.#text) return this.#units;
    const read = folded(text);
    if (read.length > this.#units.length) this.#units = new Uint16Array(2 * read.length);
    for (let at = 0; at < read.length; at++) this.#units[at] = read.charCodeAt(at);
    this.#length = read.length;
    this.#text = text;
    return this.#units;
  }

  #count(hash: number): void {
    const place = hash & this.#mask;
    const at = this.#standsAt[place]!;
    if (at < this.#size && this.#places[at] === place) {
      this.#counts[at]!++;
      return;
    }
    if (this.#size === this.#places.length) this.#grow();
    this.#standsAt[place] = this.#size;
    this.#places[this.#size] = place;
    this.#counts[this.#size++] = 1;
  }

  #grow(): void {
    const [places, counts] = [new Int32Array(2 * this.#size), new Float32Array(2 * this.#size)];
    places.set(this.#places);
    counts.set(this.#counts);
    this.#places = places;
    this.#counts = counts;
  }

  #counted(): Grams {
    return { size: this.#size, places: this.#places, counts: this.#counts };
  }
}

const BLANK = 32;
/** FNV-1a over UTF-16 units, and a finaliser (degski's) that spreads it over all 32 bits. */
const OFFSET = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 16);
}

function folded(text: string): string {
  const read = text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text;
  return read.normalize('NFKC').toLowerCase();
}
