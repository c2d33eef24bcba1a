/** How many turns were of each kind: a locale, a surface. */
export interface KindTally {
  /** The most frequent first. */
  readonly kinds: readonly { readonly kind: string; readonly turns: number }[];
  /** Of all others together. */
  readonly others: number;
}

/** Kinds of which each is counted apart. */
const MOST_KINDS = 20;

/** Of what a model was trained on; as often, by name. */
export function tallyOf(training: readonly string[]): KindTally {
  const counted = [...countsOf(training)]
    .map(([kind, turns]) => ({ kind, turns }))
    .sort((a, b) => b.turns - a.turns || (a.kind < b.kind ? -1 : 1));
  const kinds = counted.slice(0, MOST_KINDS);
  return { kinds, others: counted.slice(MOST_KINDS).reduce((sum, { turns }) => sum + turns, 0) };
}

/** Counts in the order of the tally, what it does not name last. */
export function talliedAs({ kinds }: KindTally, now: readonly string[]): readonly number[] {
  const counts = countsOf(now);
  const named = kinds.map(({ kind }) => counts.get(kind) ?? 0);
  return [...named, now.length - named.reduce((sum, turns) => sum + turns, 0)];
}

function countsOf(kinds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
