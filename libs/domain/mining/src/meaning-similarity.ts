import { normaliseText } from '@heed/kernel';

export const SIMILARITY_VERSION = 'similarity-lexical-1';

/** Default floor of the similarity gate; docs/mining.md has the measurement it was chosen by. */
export const SIMILARITY_FLOOR = 0.45;

/**
 * How far two requests mean the same by their letters alone, 0 to 1, symmetric, 1 for equal texts. The greater of two looks,
 * each blind where the other sees:
 *
 * - words: every word is matched with its most similar word on the other side (Dice over letter pairs), weighted by length;
 *   forgives typos, another order, a missing or an extra word;
 * - letters: Dice over the letter pairs of the whole text without blanks; forgives words split or joined.
 *
 * No synonyms: "film" and "movie" are strangers to it. O(words^2) for short texts; words past the 64th are not looked at.
 *
 * @example meaningSimilarity('play maj and dragons', 'play imagine dragons') // 0.69
 */
export function meaningSimilarity(a: string, b: string): number {
  const [wordsA, wordsB] = [wordsOf(a), wordsOf(b)];
  if (wordsA.length === 0 || wordsB.length === 0) return normaliseText(a) === normaliseText(b) ? 1 : 0;
  const [forth, back] = [coverage(wordsA, wordsB), coverage(wordsB, wordsA)];
  const byWords = forth + back === 0 ? 0 : (2 * forth * back) / (forth + back);
  const byLetters = dice(letterPairs(textOf(wordsA), false), letterPairs(textOf(wordsB), false));
  return Math.max(byWords, byLetters);
}

interface Word {
  readonly text: string;
  readonly pairs: ReadonlyMap<string, number>;
}

const MOST_WORDS = 64;

function wordsOf(text: string): readonly Word[] {
  const words = normaliseText(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.slice(0, MOST_WORDS).map((word) => ({ text: word, pairs: letterPairs(word, true) }));
}

function textOf(words: readonly Word[]): string {
  return words.map(({ text }) => text).join('');
}

/** Share of the words, by length, that the other side says too. */
function coverage(words: readonly Word[], others: readonly Word[]): number {
  let said = 0;
  let all = 0;
  for (const { text, pairs } of words) {
    said +=
      text.length * Math.max(...others.map((other) => (other.text === text ? 1 : dice(pairs, other.pairs))));
    all += text.length;
  }
  return said / all;
}

/** Neighbouring letters and how often; the edges of a word are letters too. */
function letterPairs(text: string, withEdges: boolean): ReadonlyMap<string, number> {
  const letters = withEdges ? `^${text}$` : text;
  const pairs = new Map<string, number>();
  for (let k = 0; k + 1 < letters.length; k++) {
    const pair = letters.slice(k, k + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function dice(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let [both, all] = [0, 0];
  for (const [pair, count] of a) {
    both += Math.min(count, b.get(pair) ?? 0);
    all += count;
  }
  for (const count of b.values()) all += count;
  return all === 0 ? 0 : (2 * both) / all;
}
