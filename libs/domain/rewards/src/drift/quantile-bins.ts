/** Numbers told apart in a written graph and in training code are further apart than this share of them (of 1, where they are smaller). */
const TOLERANCE = 1e-4;

/** What some numbers were, in bins that each hold about as many of them. */
export interface Bins {
  /** Rising; below the first and above the last there was nothing. */
  readonly edges: readonly number[];
  /** One more than there are edges. */
  readonly counts: readonly number[];
}

/** The bins of what a model was trained on: fixed then, and kept. Throws RangeError for no numbers. */
export function binsOf(training: ArrayLike<number>): Bins {
  const edges = quantileEdges(training);
  return { edges, counts: binned(training, edges) };
}

/**
 * Edges of bins that hold a tenth each, fewer where numbers come often. Each lies half-way between two numbers, never on one: a number that comes again a
 * rounding error away falls into the same bin. Throws RangeError for no numbers. O(n log n).
 */
export function quantileEdges(training: ArrayLike<number>, bins = 10): readonly number[] {
  const sorted = Float64Array.from(training).sort();
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined) throw new RangeError('bins need numbers');
  const between = Array.from({ length: bins - 1 }, (_, n) => {
    const own = sorted[Math.max(0, Math.ceil(((n + 1) / bins) * sorted.length) - 1)] ?? greatest;
    const next = sorted.find((number) => number > own + toleranceOf(own));
    return next === undefined ? [] : [(own + next) / 2];
  }).flat();
  const edges = new Set([least - toleranceOf(least), ...between, greatest + toleranceOf(greatest)]);
  return [...edges];
}

/** How many fall below the first edge, between each two, and above the last. O(numbers x edges). */
export function binned(numbers: ArrayLike<number>, edges: readonly number[]): readonly number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const number of Float64Array.from(numbers)) {
    const above = edges.findIndex((edge) => number < edge);
    const bin = above === -1 ? edges.length : above;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** About where a share of the numbers lies below: the middle of the bin that it falls into. Throws RangeError for bins of nothing. */
export function binnedQuantile({ edges, counts }: Bins, share: number): number {
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  const bin = counts.findIndex((count) => (below += count) >= wanted && below > 0);
  const [low, high] = [edges[bin - 1] ?? edges[bin], edges[bin] ?? edges[bin - 1]];
  if (low === undefined || high === undefined) throw new RangeError('bins of nothing have no quantile');
  return (low + high) / 2;
}

function toleranceOf(number: number): number {
  return TOLERANCE * Math.max(1, Math.abs(number));
}
