/**
 * METEOR of two texts given as words, 0 to 1 (Banerjee and Lavie 2005), with its first stage alone, exact matching: no stems and no synonyms, which need a
 * language. m words match, P = m / words of the candidate, R = m / words of the reference, F = 10 P R / (R + 9 P), and F is cut by the fragmentation
 * penalty 0.5 (chunks / m)^3, chunks being runs that stand together in both. 0 where nothing matches.
 *
 * As many words match as can. Which of several equal words it is, is chosen from left to right: the one after the last match if it is there, else the first
 * left; where words repeat there may be an alignment with fewer chunks. O(words of both), as long as words repeat little.
 */
export function meteor(candidate: readonly string[], reference: readonly string[]): number {
  const places = new Map<string, number[]>();
  for (const [at, word] of reference.entries()) {
    const own = places.get(word);
    if (own === undefined) places.set(word, [at]);
    else own.push(at);
  }
  let [matches, chunks] = [0, 0];
  /** Where the word before was matched; -2, which nothing follows, where it was not. */
  let before = -2;
  for (const word of candidate) {
    const free = places.get(word) ?? [];
    const [at] = free.splice(Math.max(0, free.indexOf(before + 1)), 1);
    if (at !== undefined) {
      matches++;
      if (at !== before + 1) chunks++;
    }
    before = at ?? -2;
  }
  if (matches === 0) return 0;
  const [precision, recall] = [matches / candidate.length, matches / reference.length];
  const mean = (10 * precision * recall) / (recall + 9 * precision);
  return mean * (1 - 0.5 * (chunks / matches) ** 3);
}
