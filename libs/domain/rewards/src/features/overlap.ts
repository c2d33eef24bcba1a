/** Of two sets of words, in the order of `overlapOf`. */
export const OVERLAP = ['ofFirst', 'ofSecond', 'ofBoth'] as const;

/** Shares of the first's words, of the second's and of the words of either that both say; 0 where there are none. */
export function overlapOf(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
): readonly number[] {
  let shared = 0;
  for (const word of first.keys()) if (second.has(word)) shared++;
  return [
    shared / Math.max(1, first.size),
    shared / Math.max(1, second.size),
    shared / Math.max(1, first.size + second.size - shared),
  ];
}
