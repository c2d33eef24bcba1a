import { err, ok, type Result } from '@heed/kernel';

/** A producer's bytes that are no text: what is wrong with them, and where. */
export interface UndecodableBody {
  readonly detail: string;
}

/**
 * The text of an event's bytes, which must be UTF-8. A byte order mark in front is dropped: some editors and Windows tools
 * write one, and it says nothing.
 */
export function decodeBody(body: string | Uint8Array): Result<string, UndecodableBody> {
  if (typeof body === 'string') return ok(withoutByteOrderMark(body));
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return err({ detail: `the bytes are not UTF-8: ${whereInvalid(body)}` });
  }
}

export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Bisects on the longest beginning that could still go on to be UTF-8. */
function whereInvalid(bytes: Uint8Array): string {
  if (beginsValid(bytes, bytes.length)) return 'they end in the middle of a character';
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (beginsValid(bytes, middle)) valid = middle;
    else invalid = middle;
  }
  return `the byte at offset ${valid} is not possible there`;
}

function beginsValid(bytes: Uint8Array, length: number): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    return true;
  } catch {
    return false;
  }
}
