import { apiKeyId, KEY_KINDS, type ApiKeyId, type KeyKind } from '@heed/policies';
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const KEY = /^heed_([a-z]+)_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A key as it is shown once, and what of it is kept. */
export interface FreshKey {
  readonly id: ApiKeyId;
  /** `heed_<kind>_<id>_<secret>`, the secret 256 bits in base64url. */
  readonly text: string;
  /** SHA-256 of the text, lower-case hexadecimal: with that much chance in it, no salt and no slow hash adds anything. */
  readonly hash: string;
}

export function freshKey(kind: KeyKind): FreshKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `heed_${kind}_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id: apiKeyId(id), text, hash: hashOfKey(text).toString('hex') };
}

/** The admin key that a text is; null for everything else. */
export function ownerKeyOf(text: string): FreshKey | null {
  const read = readKeyText(text);
  return read?.kind === 'admin' ? { id: read.id, text, hash: hashOfKey(text).toString('hex') } : null;
}

/** Kind and secret are hashed with the id: a key with another kind written into it is another key. */
export function hashOfKey(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** What a text says of itself when it has the form of a key; whether there is such a key it does not know. */
export function readKeyText(text: string): { readonly kind: KeyKind; readonly id: ApiKeyId } | null {
  const [, kind, id] = KEY.exec(text) ?? [];
  const known = z.enum(KEY_KINDS).safeParse(kind);
  return known.success && id !== undefined ? { kind: known.data, id: apiKeyId(id) } : null;
}
