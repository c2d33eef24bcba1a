import { createCipheriv, createSecretKey, type Cipheriv } from 'node:crypto';

const BLOCK = 16;

/** Counters are enciphered so many at a time, whatever a text's length. */
const counters = Buffer.alloc(1024 * BLOCK);
const counterWords = new DataView(counters.buffer, counters.byteOffset);

/** AES-256, block by block, of one key: made once, because to make one takes longer than to encipher a text. */
export function blockCipher(key: Buffer): Cipheriv {
  return createCipheriv('aes-256-ecb', createSecretKey(key), null).setAutoPadding(false);
}

/**
 * Enciphers a text in its place by the counter mode of NIST SP 800-38A: the same bytes as Node's `aes-256-ctr` gives, in less time where the key is
 * at hand. The first counter is `iv`, 16 bytes whose last four begin with a 0, so that no count carries beyond them.
 */
export function encipher(cipher: Cipheriv, iv: Buffer, text: Buffer): void {
  const [first, second, third] = [iv.readUInt32BE(0), iv.readUInt32BE(4), iv.readUInt32BE(8)];
  let count = iv.readUInt32BE(12);
  for (let from = 0; from < text.length; from += counters.length) {
    const to = Math.min(from + counters.length, text.length);
    const end = Math.ceil((to - from) / BLOCK) * BLOCK;
    for (let at = 0; at < end; at += BLOCK) {
      counterWords.setUint32(at, first);
      counterWords.setUint32(at + 4, second);
      counterWords.setUint32(at + 8, third);
      counterWords.setUint32(at + 12, count++);
    }
    const stream = cipher.update(counters.subarray(0, end));
    add(stream, text.subarray(from, to));
  }
}

/** Four bytes at a time, where they lie so. */
function add(stream: Buffer, text: Buffer): void {
  const inWords = (stream.byteOffset | text.byteOffset) % 4 === 0 ? text.length & ~3 : 0;
  const words = new Uint32Array(text.buffer, inWords === 0 ? 0 : text.byteOffset, inWords / 4);
  const others = new Uint32Array(stream.buffer, inWords === 0 ? 0 : stream.byteOffset, inWords / 4);
  for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) ^ (others[at] ?? 0);
  for (let at = inWords; at < text.length; at++) text[at] = (text[at] ?? 0) ^ (stream[at] ?? 0);
}
