import type { EventLimits } from './event-limits.ts';
import { pathText } from './schema-problems.ts';
import { takesMoreThan } from './utf8-bytes.ts';

/**
 * The first text in a JSON value that is larger than the limits allow, the first place that is nested too deep, or the first
 * key `__proto__`, in words; undefined when there is none. Goes no deeper than the limit itself, so no input can exhaust the stack.
 */
export function findExcess(value: unknown, limits: EventLimits, root: string): string | undefined {
  return isWithin(value, limits, 0) ? undefined : describe(value, limits, root, []);
}

/**
 * Whether the text of an event already shows that `findExcess` has nothing to find in it, as it does for nearly every event: all
 * of it is no longer than one text may be, it opens no more lists and objects than may be inside one another, and nothing in it reads
 * or could be unescaped to the forbidden key. A look over the characters costs a tenth of a walk over the values.
 */
export function isPlainlyWithin(text: string, limits: EventLimits): boolean {
  return (
    !takesMoreThan(limits.textBytes, text) &&
    !text.includes(FORBIDDEN_KEY) &&
    !text.includes(ESCAPED_ASCII) &&
    opensAtMost(limits.nesting, text)
  );
}

/** A key that readers of JSON treat unlike every other: what is copied key by key would lose it, or take it for a prototype. */
export const FORBIDDEN_KEY = '__proto__';

/** How every escape of an ASCII character begins: keys may be written so, letter by letter. */
const ESCAPED_ASCII = '\\u00';

function opensAtMost(limit: number, text: string): boolean {
  let opened = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > limit) return false;
    }
  }
  return true;
}

/** Almost every value is fine, so the quick question comes first and keeps no path. */
function isWithin(value: unknown, limits: EventLimits, depth: number): boolean {
  if (typeof value === 'string') return !takesMoreThan(limits.textBytes, value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= limits.nesting) return false;
  for (const key in value) {
    if (key === FORBIDDEN_KEY) return false;
    if (!isWithin((value as Record<string, unknown>)[key], limits, depth + 1)) return false;
  }
  return true;
}

function describe(
  value: unknown,
  limits: EventLimits,
  root: string,
  path: readonly PropertyKey[],
): string | undefined {
  if (isWithin(value, limits, path.length)) return undefined;
  if (typeof value !== 'object' || value === null) {
    return `${pathText(root, path)}: expected at most ${limits.textBytes} bytes of text`;
  }
  if (path.length >= limits.nesting) {
    return `${root}: expected lists and objects at most ${limits.nesting} deep`;
  }
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    if (key === FORBIDDEN_KEY) return `${pathText(root, [...path, key])}: expected a field of another name`;
    const excess = describe(inner, limits, root, [...path, key]);
    if (excess !== undefined) return excess;
  }
  return undefined;
}
