/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import { base64Of, bytesOf } from './base64.ts';

/** The events behind a model: by their ids while they are few, else by a digest that knows each of them. */
export type EventSet =
  | { readonly count: number; readonly ids: readonly string[] }
  | {
      readonly count: number;
      /** A Bloom filter in base64, `DIGEST_HASHES` bits an id: every id that is in the set is found in it, of others one in 100 000 is taken for one. */
      readonly digest: string;
    };

const MOST_IDS = 1000;
/** For one in 100 000: ln(1e5) / ln(2)^2 bits an id, and ln(2) times as many of them set. */
const BITS_OF_ID = 24;
const DIGEST_HASHES = 17;

/** The same for the same ids in whatever order; an id counts once. */
export function eventSetOf(ids: Iterable<string>): EventSet {
  const distinct = new Set(ids);
  if (distinct.size <= MOST_IDS) return { count: distinct.size, ids: [...distinct].sort() };
  const bits = new Uint8Array((distinct.size * BITS_OF_ID) / 8);
  for (const id of distinct)
    for (const bit of bitsOf(id, bits.length * 8)) bits[bit >>> 3]! |= 1 << (bit & 7);
  return { count: distinct.size, digest: base64Of(bits) };
}

/** Whether an event is one of them. */
export function eventsIn(set: EventSet): (id: string) => boolean {
  if ('ids' in set) {
    const ids = new Set(set.ids);
    return (id) => ids.has(id);
  }
  const bits = bytesOf(set.digest);
  return (id) => bitsOf(id, bits.length * 8).every((bit) => (bits[bit >>> 3]! & (1 << (bit & 7))) !== 0);
}

/** Two hashes make as many as are wanted (Kirsch and Mitzenmacher 2008). */
function bitsOf(id: string, size: number): readonly number[] {
  const [first, step] = [hash(id, 0x9e3779b9), hash(id, 0x85ebca6b) | 1];
  return Array.from({ length: DIGEST_HASHES }, (_, n) => ((first + Math.imul(n, step)) >>> 0) % size);
}

/** MurmurHash3's rounds over UTF-16 units (Appleby, public domain). */
function hash(text: string, seed: number): number {
  let h = seed;
  for (let at = 0; at < text.length; at++) {
    let k = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  h ^= text.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
