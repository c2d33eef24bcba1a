import type { WordSet } from './word-set.ts';

/** Of two sets of words, in the order of `overlapOf`. */
export const OVERLAP = ['ofFirst', 'ofSecond', 'ofBoth'] as const;

/** Shares of the first's words, of the second's and of the words of either that both say; 0 where there are none. */
export function overlapOf(first: WordSet, second: WordSet): readonly number[] {
  const shared = first.sharedWith(second);
  return [
    shared / Math.max(1, first.size),
    shared / Math.max(1, second.size),
    shared / Math.max(1, first.size + second.size - shared),
  ];
}
