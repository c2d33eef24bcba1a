/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { UNIT } from './unit-kinds.ts';
import type { WordList } from './word-list.ts';

/** Above this the slots are cleared and filled anew. */
const MOST_FILLED = 2 ** 30;
const NOWHERE = -1;

/** The distinct words of a text, without its signs, found by hash and told apart by their units. As a `WordList` it holds where they stand: the text must stay as it is. O(words). */
export class WordSet {
  /** Words, each as often as it comes. */
  said = 0;
  /** Distinct words. */
  size = 0;
  #units: Uint16Array = new Uint16Array();
  #starts = new Int32Array(256);
  #ends = new Int32Array(256);
  #hashes = new Int32Array(256);
  /** Open addressing; numbers of words, counted from `#firstOfText`: a slot below it is of an earlier text. */
  #slots = new Int32Array(512);
  #mask = 0;
  #firstOfText = 1;

  read({ size, units, starts, ends, hashes, kinds }: WordList): void {
    this.#begin(units, size);
    for (let word = 0; word < size; word++)
      if (kinds[word] === UNIT.letter) this.#add(starts[word]!, ends[word]!, hashes[word]!);
  }

  /** Distinct words that are in the other too. */
  sharedWith(other: WordSet): number {
    let shared = 0;
    for (let word = 0; word < this.size; word++) {
      const [start, end] = [this.#starts[word]!, this.#ends[word]!];
      const slot = other.#slotOf(this.#units, start, end, this.#hashes[word]!);
      if (other.#wordIn(slot) !== NOWHERE) shared++;
    }
    return shared;
  }

  /** Slots for twice as many, a power of two of them. */
  #begin(units: Uint16Array, most: number): void {
    if (most > this.#starts.length) {
      this.#starts = new Int32Array(2 * most);
      this.#ends = new Int32Array(2 * most);
      this.#hashes = new Int32Array(2 * most);
    }
    const slots = 2 ** (33 - Math.clz32(most));
    this.#firstOfText += this.size;
    if (slots > this.#slots.length || this.#firstOfText > MOST_FILLED) {
      this.#slots = new Int32Array(Math.max(slots, this.#slots.length));
      this.#firstOfText = 1;
    }
    this.#mask = slots - 1;
    this.#units = units;
    this.said = 0;
    this.size = 0;
  }

  #add(start: number, end: number, hash: number): void {
    this.said++;
    const slot = this.#slotOf(this.#units, start, end, hash);
    if (this.#wordIn(slot) !== NOWHERE) return;
    this.#slots[slot] = this.#firstOfText + this.size;
    this.#starts[this.size] = start;
    this.#ends[this.size] = end;
    this.#hashes[this.size++] = hash;
  }

  /** Where the word stands, or where it would. */
  #slotOf(units: Uint16Array, start: number, end: number, hash: number): number {
    let slot = hash & this.#mask;
    for (;;) {
      const word = this.#wordIn(slot);
      if (word === NOWHERE) return slot;
      if (this.#hashes[word] === hash && this.#is(word, units, start, end)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  #wordIn(slot: number): number {
    return Math.max(NOWHERE, this.#slots[slot]! - this.#firstOfText);
  }

  #is(word: number, units: Uint16Array, start: number, end: number): boolean {
    const own = this.#starts[word]!;
    if (this.#ends[word]! - own !== end - start) return false;
    for (let n = 0; n < end - start; n++) if (this.#units[own + n] !== units[start + n]) return false;
    return true;
  }
}
