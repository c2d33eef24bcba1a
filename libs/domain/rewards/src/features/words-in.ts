import { kindOfUnit, UNIT } from './unit-kinds.ts';

/** The words of a text in lower case, and how often each comes. Signs are no words. O(length). */
export function wordsIn(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  const lower = text.toLowerCase();
  for (let at = 0; at < lower.length;) {
    if (kindOfUnit(lower.charCodeAt(at)) !== UNIT.letter) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lower.length && kindOfUnit(lower.charCodeAt(end)) === UNIT.letter) end++;
    const word = lower.slice(at, end);
    words.set(word, (words.get(word) ?? 0) + 1);
    at = end;
  }
  return words;
}
