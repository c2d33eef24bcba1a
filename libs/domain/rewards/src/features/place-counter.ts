/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */

/** Distinct places of a text's grams, and how often each comes. */
export interface Grams {
  /** How many there are; the arrays may be longer. */
  readonly size: number;
  readonly places: Int32Array;
  readonly counts: Int32Array;
}

/** Above this the table is cleared and filled anew. */
const MOST_FILLED = 2 ** 30;

/**
 * Counts whole numbers below 2^bits, lists of them over and over, without clearing the table between them. What is returned is overwritten by the next call.
 * O(numbers), whatever the size of the table.
 */
export class PlaceCounter {
  /** Where each place stands in the list, counted from `#first`: what is below it is of an earlier list. */
  readonly #standsAt: Int32Array;
  #first = 1;
  #places = new Int32Array(1024);
  #counts = new Int32Array(1024);

  constructor(bits: number) {
    this.#standsAt = new Int32Array(2 ** bits);
  }

  /** Of the first `length` numbers, in the order in which they come first. */
  count(given: Int32Array, length: number): Grams {
    this.#makeRoom(length);
    const [standsAt, places, counts, first] = [this.#standsAt, this.#places, this.#counts, this.#first];
    let size = 0;
    for (let n = 0; n < length; n++) {
      const place = given[n]!;
      const before = standsAt[place]! - first;
      // All bits are set where it is new. Every second gram is, which no processor foresees: without a branch this is twice as fast.
      const isNew = before >> 31;
      const at = (before & ~isNew) | (size & isNew);
      standsAt[place] = first + at;
      places[at] = place;
      counts[at] = (counts[at]! & ~isNew) + 1;
      size -= isNew;
    }
    this.#first = first + size;
    return { size, places, counts };
  }

  /** One more than numbers: the place of the next new one is looked at even where there is none. */
  #makeRoom(length: number): void {
    if (length >= this.#places.length) {
      this.#places = new Int32Array(2 * length);
      this.#counts = new Int32Array(2 * length);
    }
    if (this.#first > MOST_FILLED) {
      this.#standsAt.fill(0);
      this.#first = 1;
    }
  }
}
