import type { BundleRewrite } from './bundle.ts';
import { halfSipHash, type HashKey } from './half-sip-hash.ts';

/** Where a rewrite stands in a table; `NOWHERE` when the table has none for the state. */
export type RewriteSlot = number;

export interface RewriteTable {
  find(state: string): RewriteSlot;
  /** Of a slot that `find` gave, and that is not `NOWHERE`; likewise `fixAt`. */
  textAt(slot: RewriteSlot): string;
  fixAt(slot: RewriteSlot): string;
}

/** A rewrite's state, text and fix stand in one row of memory, state first. */
const WIDTH = 3;

export const NOWHERE: RewriteSlot = -1;

/** Per place: the hash of what stands there, and its number counted from 1; 0 where nothing does. */
const PLACE_WIDTH = 2;

/**
 * From state to rewrite, immutable; of rewrites of one state the first counts. A look-up among a million is waiting for memory and little
 * else. A Map goes to the bucket, the entry, every key of the chain and the value's object, five waits of a tenth of a microsecond; this goes to
 * the place, where the hash tells nearly every other state apart, the row and the one key. Open addressing with linear probing, at most half
 * full (Knuth, TAOCP 3, 6.4, algorithm L): 1.5 places a hit and 2.5 a miss, expected.
 *
 * @param key what nobody knew who could have made the states, or they could be made to collide
 */
export function rewriteTable(rewrites: readonly BundleRewrite[], key: HashKey): RewriteTable {
  const size = 2 ** Math.ceil(Math.log2(2 * rewrites.length + 2));
  const mask = size - 1;
  const places = new Uint32Array(size * PLACE_WIDTH);
  const rows: string[] = [];

  /** The place of a state, or the empty one where it belongs. */
  const placeOf = (state: string): number => {
    const hash = halfSipHash(state, key);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const number = places[place * PLACE_WIDTH + 1] ?? 0;
      if (number === 0) return place;
      if (places[place * PLACE_WIDTH] === hash && rows[(number - 1) * WIDTH] === state) return place;
    }
  };

  for (const { state, text, fix } of rewrites) {
    const place = placeOf(state);
    if (places[place * PLACE_WIDTH + 1] !== 0) continue;
    rows.push(state, text, fix);
    places[place * PLACE_WIDTH] = halfSipHash(state, key);
    places[place * PLACE_WIDTH + 1] = rows.length / WIDTH;
  }
  return {
    find: (state) => {
      const number = places[placeOf(state) * PLACE_WIDTH + 1] ?? 0;
      return number === 0 ? NOWHERE : (number - 1) * WIDTH;
    },
    textAt: (slot) => rows[slot + 1] ?? '',
    fixAt: (slot) => rows[slot + 2] ?? '',
  };
}
