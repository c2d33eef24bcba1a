import type { BundleRewrite } from './bundle.ts';

/** Where a rewrite stands in a table; `NOWHERE` when the table has none for the state. */
export type RewriteSlot = number;

export interface RewriteTable {
  find(state: string): RewriteSlot;
  textAt(slot: RewriteSlot): string;
  fixAt(slot: RewriteSlot): string;
}

/** A rewrite's state, text and fix stand in one row of memory, state first. */
const WIDTH = 3;

export const NOWHERE: RewriteSlot = -WIDTH;

/** Per place: the hash of what stands there, and its number counted from 1; 0 where nothing does. */
const PLACE_WIDTH = 2;

/**
 * From state to rewrite, immutable, the first of each state. A look-up among a million is waiting for memory and little else: a Map goes to the bucket,
 * the entry, each key of the chain and the value's object, five waits of a tenth of a microsecond; this goes to the place
 * (where the hash tells nearly every other state apart), the row and the one key. Open addressing with linear probing, half full
 * at most (Knuth, TAOCP 3, 6.4, algorithm L): 1.5 places a hit and 2.5 a miss, expected.
 *
 * `seed`, any 32 bits, keeps whoever can make requests from choosing ones that collide.
 */
export function rewriteTable(rewrites: readonly BundleRewrite[], seed: number): RewriteTable {
  const size = 2 ** Math.ceil(Math.log2(2 * rewrites.length + 2));
  const mask = size - 1;
  const places = new Uint32Array(size * PLACE_WIDTH);
  const rows: string[] = [];

  /** The place of a state, or the empty one where it belongs. */
  const placeOf = (state: string): number => {
    const hash = hashOf(state, seed);
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
    places[place * PLACE_WIDTH] = hashOf(state, seed);
    places[place * PLACE_WIDTH + 1] = rows.length / WIDTH;
  }
  return {
    find: (state) => ((places[placeOf(state) * PLACE_WIDTH + 1] ?? 0) - 1) * WIDTH,
    textAt: (slot) => rows[slot + 1] ?? '',
    fixAt: (slot) => rows[slot + 2] ?? '',
  };
}

/** Two UTF-16 units at a time, each mixed in by a multiplication and a shift (as MurmurHash3 does); 0 to 2^32 - 1. */
function hashOf(text: string, seed: number): number {
  let hash = seed ^ text.length;
  let at = 0;
  for (; at + 1 < text.length; at += 2) {
    hash = Math.imul(hash ^ (text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  if (at < text.length) hash = Math.imul(hash ^ text.charCodeAt(at), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
