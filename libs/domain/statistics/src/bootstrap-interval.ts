/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SeededRandom } from '@heed/kernel';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile bootstrap by cluster (Davison and Hinkley 1997, 2.4 and 3.8): whole clusters are drawn with replacement, as many as there are,
 * because what one user says is not as many witnesses. Draws for which a figure is NaN do not count for it; NaN when none does.
 *
 * @param clusters the cluster of each case, any numbers
 * @param figures of the cases at these places, each as often as it was drawn: the same names each time
 * @param level share of draws within the interval
 */
export function bootstrapIntervals<Name extends string>(
  clusters: ArrayLike<number>,
  figures: (cases: Uint32Array) => Readonly<Record<Name, number>>,
  random: SeededRandom,
  draws = 200,
  level = 0.95,
): Readonly<Record<Name, Interval>> {
  const members = membersOf(clusters);
  const drawn = Array.from({ length: draws }, () =>
    figures(Uint32Array.from(members.map(() => members[random.below(members.length)]!).flat())),
  );
  const [first] = drawn;
  if (first === undefined) throw new RangeError('an interval needs draws');
  const intervalOf = (name: Name): Interval => {
    const values = drawn.map((own) => own[name]).filter((value) => !Number.isNaN(value));
    values.sort((a, b) => a - b);
    const tail = (1 - level) / 2;
    return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
  };
  // The keys of a record of `Name`s are `Name`s.
  const names = Object.keys(first) as Name[];
  return Object.fromEntries(names.map((name) => [name, intervalOf(name)])) as Record<Name, Interval>;
}

/** The interval of one figure. */
export function bootstrapInterval(
  clusters: ArrayLike<number>,
  figure: (cases: Uint32Array) => number,
  random: SeededRandom,
): Interval {
  return bootstrapIntervals(clusters, (cases) => ({ figure: figure(cases) }), random).figure;
}

function membersOf(clusters: ArrayLike<number>): readonly (readonly number[])[] {
  const members = new Map<number, number[]>();
  for (let at = 0; at < clusters.length; at++) {
    const own = members.get(clusters[at]!);
    if (own === undefined) members.set(clusters[at]!, [at]);
    else own.push(at);
  }
  return [...members.values()];
}

/** Between two neighbours in a straight line. */
function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
