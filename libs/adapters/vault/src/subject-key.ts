import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { sealedBody, type Sealed } from '@heed/events';

/** One half encrypts, the other derives the initialisation vectors. */
const HALF = 32;
const IV = 12;
const TAG = 16;
const CIPHER = 'aes-256-gcm';

/** What seals one subject's texts, ready for use. */
export interface SubjectKey {
  readonly id: string;
  readonly cipher: KeyObject;
  readonly mac: KeyObject;
}

export function freshKeyBytes(): Buffer {
  return randomBytes(2 * HALF);
}

/** 96 bits of chance as 16 characters. */
export function freshKeyId(): string {
  return randomBytes(12).toString('base64url');
}

export function subjectKey(id: string, bytes: Buffer): SubjectKey {
  return {
    id,
    cipher: createSecretKey(bytes.subarray(0, HALF)),
    mac: createSecretKey(bytes.subarray(HALF)),
  };
}

/**
 * AES-256-GCM under an initialisation vector that the text itself gives (the synthetic one of RFC 5297, by HMAC-SHA-256): the same text gives the
 * same bytes, by which the log knows a repeat, and two texts never share a vector but by a collision in 96 bits.
 */
export function seal({ id, cipher, mac }: SubjectKey, text: string): string {
  // In UTF-16 where half a surrogate pair would be lost in UTF-8; the first byte says which.
  const plain = text.isWellFormed()
    ? Buffer.concat([UTF8, Buffer.from(text, 'utf8')])
    : Buffer.concat([UTF16, Buffer.from(text, 'utf16le')]);
  const iv = createHmac('sha256', mac).update(plain).digest().subarray(0, IV);
  const encrypt = createCipheriv(CIPHER, cipher, iv);
  const parts = [iv, encrypt.update(plain), encrypt.final(), encrypt.getAuthTag()];
  return sealedBody({ key: id, data: Buffer.concat(parts).toString('base64') });
}

const UTF8 = Buffer.from([8]);
const UTF16 = Buffer.from([16]);

/** The text; undefined when it was not sealed by this key, or is not whole. */
export function open({ cipher }: SubjectKey, { data }: Sealed): string | undefined {
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length < IV + TAG) return undefined;
  const decrypt = createDecipheriv(CIPHER, cipher, bytes.subarray(0, IV), { authTagLength: TAG });
  decrypt.setAuthTag(bytes.subarray(-TAG));
  try {
    const plain = Buffer.concat([decrypt.update(bytes.subarray(IV, -TAG)), decrypt.final()]);
    return plain.toString(plain[0] === UTF16[0] ? 'utf16le' : 'utf8', 1);
  } catch {
    return undefined;
  }
}
