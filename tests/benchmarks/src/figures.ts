/** One comparison: what we measured, what the reference did in the same run, and the ratio of the two. */
export interface BenchFigure {
  readonly name: string;
  readonly ours: number;
  /** Null where the reference cannot run here; the report's notes then say why. */
  readonly reference: number | null;
  readonly referenceName: string;
  /** ours / reference where higher is better, reference / ours where lower is: above 1 always means we are ahead. */
  readonly ratio: number | null;
  readonly unit: string;
  /** Each run's figure of ours, in the order they ran. */
  readonly runs: readonly number[];
}

export interface BenchReport {
  readonly name: string;
  /** The first is the headline. */
  readonly figures: readonly BenchFigure[];
  readonly notes: readonly string[];
}

export function figure(
  name: string,
  unit: string,
  better: 'higher' | 'lower',
  runs: readonly number[],
  referenceName: string,
  referenceRuns: readonly number[],
): BenchFigure {
  const ours = median(runs);
  const reference = referenceRuns.length === 0 ? null : median(referenceRuns);
  const ratio = reference === null ? null : better === 'higher' ? ours / reference : reference / ours;
  return { name, ours, reference, referenceName, ratio, unit, runs };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('the median of nothing');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
