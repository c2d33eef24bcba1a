import { hash } from 'node:crypto';
import { fromStorable, mark, toStorable } from './storable-text.ts';

/** An index entry must fit three times into a page of 8 KiB; ids of sensible length stay far below this. */
const longestIndexedChars = 256;

/** How a key stands in the table: itself, or, too long for the unique index, a digest of it and the whole beside it. */
export interface StoredKey {
  readonly key: string;
  readonly longKey: string | null;
}

export function toStoredKey(key: string): StoredKey {
  const whole = toStorable(key);
  return whole.length <= longestIndexedChars
    ? { key: whole, longKey: null }
    : { key: `${mark}long:${hash('sha256', whole)}`, longKey: whole };
}

export function fromStoredKey({ key, longKey }: StoredKey): string {
  return fromStorable(longKey ?? key);
}
