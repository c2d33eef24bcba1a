import { hash } from 'node:crypto';

/** What stands before a text while it is sealed: one block of SHA-256, whose last bytes become the initialisation vector. */
export const HEAD = 64;
export const IV = 16;

const DIGEST = 32;
const INNER = 0x36;
const OUTER = 0x5c;

/** A key of HMAC-SHA-256, added to both of its pads. As Latin-1: a small `Buffer` would keep alive the 8 KiB that Node cuts it from. */
export interface MacKey {
  readonly inner: string;
  readonly outer: string;
}

/** @param bytes at most 64 */
export function macKey(bytes: Buffer): MacKey {
  const added = (pad: number): string =>
    Buffer.from(Uint8Array.from({ length: HEAD }, (_, at) => (bytes[at] ?? 0) ^ pad)).toString('latin1');
  return { inner: added(INNER), outer: added(OUTER) };
}

const outerInput = Buffer.alloc(HEAD + DIGEST);

/**
 * Writes the initialisation vector of a text right before it: the first bytes of its HMAC-SHA-256, cut to 127 bits. `frame` is the text behind `HEAD` bytes, which
 * are overwritten. By the two digests that HMAC is (RFC 2104), since Node has HMAC itself in objects alone, which cost more than the digests.
 */
export function writeSyntheticIv(frame: Buffer, { inner, outer }: MacKey): void {
  frame.write(inner, 0, HEAD, 'latin1');
  outerInput.write(outer, 0, HEAD, 'latin1');
  outerInput.write(hash('sha256', frame, 'binary'), HEAD, DIGEST, 'latin1');
  frame.write(hash('sha256', outerInput, 'binary'), HEAD - IV, IV, 'latin1');
  // The counter's highest bit: see `encipher`.
  frame.writeUInt8(frame.readUInt8(HEAD - 4) & 0x7f, HEAD - 4);
}
