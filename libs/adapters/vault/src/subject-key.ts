import {
  createDecipheriv,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
  type Cipheriv,
  type KeyObject,
} from 'node:crypto';
import { sealedBody, type Sealed } from '@heed/events';
import { blockCipher, encipher } from './counter-mode.ts';
import { HEAD, IV, macKey, writeSyntheticIv, type MacKey } from './synthetic-iv.ts';

/** One half encrypts, the other derives the initialisation vectors. */
const HALF = 32;

/** What seals one subject's texts, ready for use: some 2 KB. */
export interface SealingKey {
  readonly id: string;
  readonly cipher: Cipheriv;
  readonly mac: MacKey;
}

/** What opens them. */
export interface OpeningKey {
  readonly id: string;
  readonly cipher: KeyObject;
  readonly mac: MacKey;
}

export function freshKeyBytes(): Buffer {
  return randomBytes(2 * HALF);
}

/** 96 bits of chance as 16 characters. */
export function freshKeyId(): string {
  return randomBytes(12).toString('base64url');
}

export function sealingKey(id: string, bytes: Buffer): SealingKey {
  return { id, cipher: blockCipher(bytes.subarray(0, HALF)), mac: macKey(bytes.subarray(HALF)) };
}

export function openingKey(id: string, bytes: Buffer): OpeningKey {
  return { id, cipher: createSecretKey(bytes.subarray(0, HALF)), mac: macKey(bytes.subarray(HALF)) };
}

/**
 * AES-256 in counter mode under an initialisation vector that the text itself gives and that vouches for it: the SIV construction of Rogaway and Shrimpton (2006), of
 * which RFC 5297 is another instance, with HMAC-SHA-256 for its pseudorandom function. The same text gives the same bytes, by which the log knows a repeat, and two texts never
 * share a vector but by a collision in 127 bits.
 */
export function seal({ id, cipher, mac }: SealingKey, text: string): string {
  // In UTF-16 where half a surrogate pair would be lost in UTF-8; the first byte says which.
  const encoding = text.isWellFormed() ? 'utf8' : 'utf16le';
  const frame = frameOf(1 + Buffer.byteLength(text, encoding));
  frame.writeUInt8(MARKS[encoding], HEAD);
  frame.write(text, HEAD + 1, encoding);
  writeSyntheticIv(frame, mac);
  encipher(cipher, frame.subarray(HEAD - IV, HEAD), frame.subarray(HEAD));
  return sealedBody({ key: id, data: frame.toString('base64', HEAD - IV) });
}

const MARKS = { utf8: 8, utf16le: 16 } as const;

/** The text; undefined when it was not sealed by this key, or is not whole. */
export function open({ cipher, mac }: OpeningKey, { data }: Sealed): string | undefined {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length <= IV) return undefined;
  const iv = bytes.subarray(0, IV);
  const frame = frameOf(bytes.length - IV);
  createDecipheriv('aes-256-ctr', cipher, iv).update(bytes.subarray(IV)).copy(frame, HEAD);
  writeSyntheticIv(frame, mac);
  if (!timingSafeEqual(frame.subarray(HEAD - IV, HEAD), iv)) return undefined;
  return frame.toString(frame[HEAD] === MARKS.utf16le ? 'utf16le' : 'utf8', HEAD + 1);
}

/** Where texts of the usual size are worked on, one after the other. */
const scratch = Buffer.alloc(64 * 1024);

/** Room for so many bytes behind `HEAD`: good until the next text's. */
function frameOf(bytes: number): Buffer {
  const length = HEAD + bytes;
  return length <= scratch.length ? scratch.subarray(0, length) : Buffer.allocUnsafe(length);
}
