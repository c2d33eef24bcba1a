import { normaliseText } from '@heed/kernel';

/** Characters of a request that are compared; what comes after them is not looked at, so that a long text costs no more. */
const COMPARED_CHARACTERS = 400;
/** Distinct words of a request that are compared. */
export const COMPARED_WORDS = 48;

/** What comparing two requests needs, computed once for each. */
export interface RequestProfile {
  /** Normalised, whole. */
  readonly text: string;
  /** Its first COMPARED_CHARACTERS. */
  readonly head: string;
  /** Hashes of the distinct words that carry meaning; of all distinct words where none does. At most COMPARED_WORDS. */
  readonly words: readonly number[];
  /**
   * Hashes of the distinct letter trigrams of `head`, ascending; a blank on both sides of each word and none across words.
   * Exact, because a set of few bits fills up: in 512 of them two long texts on different matters look alike.
   */
  readonly trigrams: Int32Array;
}

/** Reads a request once. O(n log n) in its length up to COMPARED_CHARACTERS, no regular expression. */
export function profileRequest(request: string): RequestProfile {
  const text = normaliseText(request);
  const head = text.length > COMPARED_CHARACTERS ? text.slice(0, COMPARED_CHARACTERS) : text;
  const trigrams = new Int32Array(head.length + 1);
  let count = 0;
  const all: number[] = [];
  let hash = HASH_START;
  let before = BLANK;
  let last = BLANK;
  for (let i = 0; i <= head.length; i++) {
    const code = i < head.length ? head.charCodeAt(i) : BLANK;
    if (code === APOSTROPHE || code === RIGHT_QUOTE) continue;
    if (isWordCharacter(code)) {
      hash = hashStep(hash, code);
    } else if (hash !== HASH_START) {
      if (all.length < COMPARED_WORDS && !all.includes(hash)) all.push(hash);
      hash = HASH_START;
    }
    if (last !== BLANK) trigrams[count++] = hashTrigram(before, last, code);
    before = last;
    last = code;
  }
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word));
  return {
    text,
    head,
    words: telling.length > 0 ? telling : all,
    trigrams: distinct(trigrams.subarray(0, count)),
  };
}

/** Trigrams that both have: one walk along the two sorted rows. */
export function sharedTrigrams({ trigrams: a }: RequestProfile, { trigrams: b }: RequestProfile): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const difference = (a[i] ?? 0) - (b[j] ?? 0);
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return shared;
}

const BLANK = 32;
const APOSTROPHE = 39;
const RIGHT_QUOTE = 0x2019;
// FNV-1a, 32 bits: a collision makes two words look shared, once in some hundred million pairs.
const HASH_START = 0x811c9dc5 | 0;

function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Digits, lower-case letters (the text is normalised), and everything beyond ASCII. */
function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

function hashTrigram(a: number, b: number, c: number): number {
  return hashStep(hashStep(hashStep(HASH_START, a), b), c);
}

/** The distinct values in ascending order. Sorts in place. */
function distinct(values: Int32Array): Int32Array {
  values.sort();
  let count = 0;
  for (const value of values) {
    if (count === 0 || value !== values[count - 1]) values[count++] = value;
  }
  return values.subarray(0, count);
}

function hashWord(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i));
  return hash;
}

/** English words that say little about what is asked. In other languages none match and every word counts. */
const FUNCTION_WORDS: ReadonlySet<number> = new Set(
  (
    'a an and any are as at be by can could did do does for from give had has have how i im in is it its let lets like me my ' +
    'no not of ok okay on or our please show so some tell thank thanks that the then there this to want was we what whats ' +
    'when where which who will with would yes you your'
  )
    .split(' ')
    .map(hashWord),
);
