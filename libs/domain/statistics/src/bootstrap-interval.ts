/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { SeededRandom } from '@heed/kernel';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile bootstrap by cluster (Davison and Hinkley 1997, 2.4 and 3.8): whole clusters are drawn with replacement, as many as there are,
 * because what one user says is not as many witnesses. Draws for which the figure is NaN do not count; NaN when none does.
 *
 * @param clusters the cluster of each case, any numbers
 * @param figure of the cases at these places, each as often as it was drawn
 * @param level share of draws within the interval
 */
export function bootstrapInterval(
  clusters: ArrayLike<number>,
  figure: (cases: Uint32Array) => number,
  random: SeededRandom,
  draws = 200,
  level = 0.95,
): Interval {
  const members = membersOf(clusters);
  const figures: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = members.map(() => members[random.below(members.length)]!);
    const value = figure(Uint32Array.from(drawn.flat()));
    if (!Number.isNaN(value)) figures.push(value);
  }
  figures.sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return { low: quantile(figures, tail), high: quantile(figures, 1 - tail) };
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
