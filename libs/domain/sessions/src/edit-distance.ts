/** Characters of the changed part of a text that are aligned; a longer change is no slip of the finger. */
export const ALIGNED_CHARACTERS = 32;

/** How one text became another. */
export interface Edit {
  /** 1 - distance / length of the longer text: 1 for equal texts. */
  readonly similarity: number;
  /** The same over the words that changed alone: near 1 for a word spelled otherwise, near 0 for another word. */
  readonly respelling: number;
}

const NO_LIKENESS: Edit = { similarity: 0, respelling: 0 };

/**
 * Compares two different texts by optimal string alignment: insert, delete, replace, swap neighbours, each costing 1 (Damerau
 * 1964; swaps are a typist's commonest slip). What they share at the beginning and the end, in whole words, is cut off first;
 * when more than ALIGNED_CHARACTERS are left on a side the texts count as unlike. So the cost is O(length) and at most 32 * 32 comparisons.
 *
 * @example edit('yahoo caht', 'yahoo chat') // { similarity: 0.9, respelling: 0.75 }
 */
export function edit(a: string, b: string): Edit {
  const start = sharedWordsAtStart(a, b);
  const end = sharedWordsAtEnd(a, b, start);
  const changedA = a.slice(start, a.length - end);
  const changedB = b.slice(start, b.length - end);
  const longest = Math.max(changedA.length, changedB.length);
  if (longest > ALIGNED_CHARACTERS) return NO_LIKENESS;
  const distance = align(changedA, changedB);
  return {
    similarity: 1 - distance / Math.max(a.length, b.length),
    respelling: longest === 0 ? 1 : 1 - distance / longest,
  };
}

function sharedWordsAtStart(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let same = 0;
  let wordStart = 0;
  while (same < limit && a.charCodeAt(same) === b.charCodeAt(same)) {
    if (a.charCodeAt(same) === 32) wordStart = same + 1;
    same++;
  }
  return wordStart;
}

function sharedWordsAtEnd(a: string, b: string, start: number): number {
  const limit = Math.min(a.length, b.length) - start;
  let same = 0;
  let wordEnd = 0;
  while (same < limit && a.charCodeAt(a.length - 1 - same) === b.charCodeAt(b.length - 1 - same)) {
    if (a.charCodeAt(a.length - 1 - same) === 32) wordEnd = same + 1;
    same++;
  }
  return wordEnd;
}

/**
 * Optimal string alignment distance, one bit per character of `a` (at most 32): column by column of the dynamic programme, as
 * differences of +1 and -1 in two words. Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit
 * distances"; the names are the paper's.
 */
function align(a: string, b: string): number {
  if (a.length === 0) return b.length;
  const lastRow = 1 << (a.length - 1);
  let distance = a.length;
  let [vp, vn, d0, matchBefore] = [-1, 0, 0, 0];
  for (let j = 0; j < b.length; j++) {
    const match = positionsOf(b.charCodeAt(j), a);
    const swap = ((~d0 & match) << 1) & matchBefore;
    d0 = ((((match & vp) + vp) | 0) ^ vp) | match | vn | swap;
    const hp = vn | ~(d0 | vp);
    const hn = d0 & vp;
    if ((hp & lastRow) !== 0) distance++;
    if ((hn & lastRow) !== 0) distance--;
    const shifted = (hp << 1) | 1;
    vp = (hn << 1) | ~(d0 | shifted);
    vn = shifted & d0;
    matchBefore = match;
  }
  return distance;
}

function positionsOf(code: number, text: string): number {
  let positions = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) positions |= 1 << i;
  return positions;
}
