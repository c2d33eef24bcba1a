/** 64 bits that whoever chooses the texts does not know. */
export interface HashKey {
  readonly low: number;
  readonly high: number;
}

const FINAL_ROUNDS = 3;

/**
 * HalfSipHash-1-3 with 32 bits of output over a text's UTF-16 units, low byte first: a keyed hash, so that nobody can choose
 * texts that collide without knowing the key. The Linux kernel keys its tables by the same (`hsiphash`). 0 to 2^32 - 1,
 * O(length), no allocation.
 *
 * Source: Aumasson and Bernstein, SipHash: a fast short-input PRF, INDOCRYPT 2012, and its halved variant in their reference code.
 */
export function halfSipHash(text: string, { low, high }: HashKey): number {
  let v0 = low;
  let v1 = high;
  let v2 = 0x6c796765 ^ low;
  let v3 = 0x74656462 ^ high;
  const pairs = text.length >> 1;
  for (let step = 0; step <= pairs + FINAL_ROUNDS; step++) {
    let word = 0;
    if (step < pairs) word = text.charCodeAt(2 * step) | (text.charCodeAt(2 * step + 1) << 16);
    // What is left over, and the number of bytes above it.
    else if (step === pairs) word = (text.length << 25) | (text.length & 1 ? text.charCodeAt(2 * step) : 0);
    else if (step === pairs + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = rotated(v1, 5) ^ v0;
    v0 = rotated(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotated(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotated(v3, 7) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotated(v1, 13) ^ v2;
    v2 = rotated(v2, 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}

function rotated(word: number, left: number): number {
  return (word << left) | (word >>> (32 - left));
}
