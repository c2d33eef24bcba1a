import { decodeBody } from './decode-body.ts';
import { isObject } from './envelope.ts';

const FIELD = 'heed.bytes';

/**
 * The log keeps texts, and not every text: neither bytes that are not UTF-8 nor a NUL can be stored as one. Such a body cannot
 * be an event, but is kept to the byte, as `{"heed.bytes":"<base64>"}`.
 */
export function storableBody(body: string | Uint8Array): string {
  const decoded = decodeBody(body);
  if (decoded.ok && !decoded.value.includes('\0') && decoded.value.isWellFormed()) return decoded.value;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return JSON.stringify({ [FIELD]: base64(bytes) });
}

/** The original bytes of a body that had to be wrapped, undefined for any other value. */
export function unwrapBytes(value: unknown): Uint8Array | undefined {
  if (!isObject(value) || typeof value[FIELD] !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(value[FIELD]), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
