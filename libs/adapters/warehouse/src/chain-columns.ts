import type { ChainCounts } from '@heed/mining';

/** The absorbing ends' ids; see the migration of `transitions`. All other ids are hashes, above them. */
const UNLABELLED = 0;
const SUCCESS = 1;
const FAILURE = 2;

const ROW_BYTES = 24;
/** A row as 32-bit words, low before high: from, to, weight. */
const ROW_WORDS = 6;

/**
 * From RowBinary rows (from_id UInt64, to_id UInt64, weight Float64), sorted by both, to the chain's columns. Every visited state
 * has a row as `from_id`, for every visit goes on or ends; so states are numbered in the order of their ids. One pass and
 * one lookup a row, O(rows), in 32-bit words: a bigint for each id would take most of the time.
 */
export function chainColumns(rowBinary: Uint8Array): ChainCounts {
  const rows = rowBinary.byteLength / ROW_BYTES;
  // Typed arrays start at multiples of their element: a buffer out of the engine may not.
  const buffer = rowBinary.byteOffset % 8 === 0 ? rowBinary : rowBinary.slice();
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, rows * ROW_WORDS);
  const weights = new Float64Array(buffer.buffer, buffer.byteOffset, rows * 3);
  const index = new StateIndex(words);
  const successes = new Float64Array(index.size);
  const failures = new Float64Array(index.size);
  const unlabelled = new Float64Array(index.size);
  const endings = { [UNLABELLED]: unlabelled, [SUCCESS]: successes, [FAILURE]: failures };
  const from = new Uint32Array(rows);
  const to = new Uint32Array(rows);
  const steps = new Float64Array(rows);

  let count = 0;
  let state = -1;
  for (let row = 0; row < rows; row++) {
    const at = row * ROW_WORDS;
    if (startsState(words, at)) state++;
    const weight = weights[row * 3 + 2] ?? 0;
    const [low, high] = [words[at + 2] ?? 0, words[at + 3] ?? 0];
    if (high === 0 && (low === UNLABELLED || low === SUCCESS || low === FAILURE)) {
      endings[low][state] = weight;
    } else {
      from[count] = state;
      to[count] = index.of(low, high);
      steps[count] = weight;
      count++;
    }
  }
  return {
    states: index.size,
    stateIds: index.ids(),
    successes,
    failures,
    unlabelled,
    from: from.slice(0, count),
    to: to.slice(0, count),
    steps: steps.slice(0, count),
  };
}

/** Whether the row at this word is the first of its state. */
function startsState(words: Uint32Array, at: number): boolean {
  return at === 0 || words[at] !== words[at - ROW_WORDS] || words[at + 1] !== words[at + 1 - ROW_WORDS];
}

/** Where each `from` id stands among the distinct ones: open addressing over the halves of the ids. */
class StateIndex {
  readonly size: number;
  /** Low and high word of each state's id, by turns. */
  readonly #ids: Uint32Array;
  readonly #slots: Int32Array;

  constructor(words: Uint32Array) {
    const ids = new Uint32Array(words.length / 3);
    let size = 0;
    for (let at = 0; at < words.length; at += ROW_WORDS) {
      if (!startsState(words, at)) continue;
      ids[size * 2] = words[at] ?? 0;
      ids[size * 2 + 1] = words[at + 1] ?? 0;
      size++;
    }
    this.size = size;
    this.#ids = ids.slice(0, size * 2);
    let slots = 16;
    while (slots < size * 2) slots *= 2;
    this.#slots = new Int32Array(slots).fill(-1);
    for (let state = 0; state < size; state++) {
      this.#slots[this.#slotOf(ids[state * 2] ?? 0, ids[state * 2 + 1] ?? 0)] = state;
    }
  }

  ids(): BigUint64Array {
    return new BigUint64Array(this.#ids.buffer);
  }

  /** Throws RangeError for an id that is none of them. */
  of(low: number, high: number): number {
    const state = this.#slots[this.#slotOf(low, high)] ?? -1;
    if (state < 0) {
      throw new RangeError(
        `The counts step to the state ${(BigInt(high) << 32n) | BigInt(low)}, which nothing leaves.`,
      );
    }
    return state;
  }

  /** The slot that holds the id, or the free one where it would go. The ids are hashes already: their low bits do. */
  #slotOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let slot = low & mask;
    for (;;) {
      const state = this.#slots[slot] ?? -1;
      if (state < 0 || (this.#ids[state * 2] === low && this.#ids[state * 2 + 1] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}
