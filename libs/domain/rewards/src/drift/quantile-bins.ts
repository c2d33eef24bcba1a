/**
 * Edges of bins that hold a tenth each of what a model was trained on, its least and its greatest among them, rising; fewer where numbers come often. They
 * are fixed at training and kept. Throws RangeError for no numbers.
 */
export function quantileEdges(training: ArrayLike<number>, bins = 10): readonly number[] {
  const sorted = Float64Array.from(training).sort();
  if (sorted.length === 0) throw new RangeError('bins need numbers');
  const edges = Array.from(
    { length: bins + 1 },
    (_, n) => sorted[Math.round((n / bins) * (sorted.length - 1))] ?? 0,
  );
  return [...new Set(edges)];
}

/** How many fall below the first edge, on it, then beyond each edge up to the next one, and above the last: two more than there are edges. */
export function binned(numbers: ArrayLike<number>, edges: readonly number[]): readonly number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (const number of Float64Array.from(numbers)) {
    const above = edges.findIndex((edge) => number <= edge);
    const bin = above === -1 ? edges.length + 1 : above === 0 && number < (edges[0] ?? 0) ? 0 : above + 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
