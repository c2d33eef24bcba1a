/** FNV-1a over UTF-16 units, and a finaliser (degski's) that spreads it over all 32 bits. */
export const HASH_OFFSET = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

export function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

export function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 16);
}
