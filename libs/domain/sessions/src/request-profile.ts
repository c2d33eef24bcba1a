import { normaliseText } from '@heed/kernel';

/** Characters of a request that are compared; what comes after them is not looked at, so that a long text costs no more. */
const COMPARED_CHARACTERS = 400;
/** Distinct words of a request that are compared. */
export const COMPARED_WORDS = 48;

const SIGNATURE_WORDS = 16;
const SIGNATURE_BITS = SIGNATURE_WORDS * 32;

/** What comparing two requests needs, computed once for each. */
export interface RequestProfile {
  /** Normalised, whole. */
  readonly text: string;
  /** Its first COMPARED_CHARACTERS. */
  readonly head: string;
  /** Hashes of the distinct words that carry meaning; of all distinct words where none does. At most COMPARED_WORDS. */
  readonly words: readonly number[];
  /** Letter trigrams of the first COMPARED_CHARACTERS, a blank on both sides of each word and none across words, each one bit of 512 (a Bloom filter with one hash). */
  readonly trigrams: Int32Array;
  /** Bits set in `trigrams`. */
  readonly trigramCount: number;
}

/** Reads a request once. O(length up to COMPARED_CHARACTERS), no regular expression. */
export function profileRequest(request: string): RequestProfile {
  const text = normaliseText(request);
  const head = text.length > COMPARED_CHARACTERS ? text.slice(0, COMPARED_CHARACTERS) : text;
  const trigrams = new Int32Array(SIGNATURE_WORDS);
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
    if (last !== BLANK) mark(trigrams, before, last, code);
    before = last;
    last = code;
  }
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word));
  return {
    text,
    head,
    words: telling.length > 0 ? telling : all,
    trigrams,
    trigramCount: countBits(trigrams, trigrams),
  };
}

/** Bits that both have; with one argument twice, the bits it has. */
export function countBits(a: Int32Array, b: Int32Array): number {
  let count = 0;
  for (let i = 0; i < SIGNATURE_WORDS; i++) count += popCount((a[i] ?? 0) & (b[i] ?? 0));
  return count;
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

function mark(trigrams: Int32Array, a: number, b: number, c: number): void {
  const mixed = Math.imul(hashStep(hashStep(hashStep(HASH_START, a), b), c), 0x9e3779b1);
  const bit = (mixed >>> 16) & (SIGNATURE_BITS - 1);
  const word = bit >>> 5;
  trigrams[word] = (trigrams[word] ?? 0) | (1 << (bit & 31));
}

/** Bits set in a 32-bit word (Warren, Hacker's Delight, 5-2). */
function popCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
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
