const FNV_64_OFFSET = 0xcbf29ce484222325n;
const FNV_64_PRIME = 0x100000001b3n;

/**
 * FNV-1a, 64 bits, over the text's UTF-8 bytes, as 16 lower-case hex digits. For names, not against an adversary.
 * Source: Fowler, Noll, Vo; draft-eastlake-fnv.
 *
 * @example fnv1a64('foobar') // '85944171f73967e8'
 */
export function fnv1a64(text: string): string {
  let hash = FNV_64_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_64_PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}

/**
 * A text's fixed place in [0, 1), uniform over texts: FNV-1a (32 bits, over UTF-16 code units) through MurmurHash3's
 * finaliser, because FNV alone leaves the high bits of similar short texts alike. O(length), no allocation.
 */
export function placeInUnitInterval(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
