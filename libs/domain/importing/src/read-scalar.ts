import type { Scalar } from './field-reader.ts';
import type { Note } from './mapped-turn.ts';

/** A number, or a text that is one; anything else is noted. */
export function asNumber(value: Scalar | undefined, what: string, note: Note): number | undefined {
  if (!saysSomething(value)) return undefined;
  const number = typeof value === 'boolean' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  note(`${what} is not a number`);
  return undefined;
}

/** True, false or a number, or a text that says one of them; anything else is noted. */
export function asOutcome(value: Scalar | undefined, what: string, note: Note): boolean | number | undefined {
  if (!saysSomething(value)) return undefined;
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  const number = Number(word);
  if (Number.isFinite(number)) return number;
  note(`${what} is neither true or false nor a number`);
  return undefined;
}

/** A cell of blanks alone says nothing; the language would take it for the number 0. */
function saysSomething(value: Scalar | undefined): value is Scalar {
  return value !== undefined && (typeof value !== 'string' || value.trim() !== '');
}

/** A text that says something, undefined for none. */
export function asText(value: Scalar | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : String(value);
}
