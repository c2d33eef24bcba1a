import { describe, expect, it } from 'vitest';
import { halfSipHash } from './half-sip-hash.ts';

/** The text whose UTF-16 units, low byte first, are the bytes 0, 1, 2, ... */
function countingBytes(bytes: number): string {
  return String.fromCharCode(
    ...Array.from({ length: bytes / 2 }, (_, unit) => 2 * unit + ((2 * unit + 1) << 8)),
  );
}

describe('HalfSipHash-1-3', () => {
  // Values from the Linux kernel's own test of hsiphash on 32 bits, lib/test_siphash.c, those of an even number of bytes.
  it.each([
    [0, 0x5814c896],
    [2, 0xbc4b0e30],
    [4, 0x7e059ea6],
    [6, 0xa0080b65],
    [8, 0x577999b1],
  ])('of %d counting bytes is %d', (bytes, hash) => {
    expect(halfSipHash(countingBytes(bytes), { low: 0x03020100, high: 0x07060504 })).toBe(hash);
  });

  it('knows no texts that collide under every key', () => {
    // These do under a hash whose words are mixed in by a multiplication and a shift.
    const [one, other] = ['abcd', 'a\u8062c\u8065'];
    const hits = Array.from({ length: 1000 }, (_, n) => ({ low: n, high: Math.imul(n, 0x9e3779b1) })).filter(
      (key) => halfSipHash(one, key) === halfSipHash(other, key),
    );
    expect(hits).toEqual([]);
  });
});
