import fc from 'fast-check';
import type { ChainCounts } from '@heed/mining';

type Step = readonly [from: number, to: number, times: number];
type End = readonly [state: number, end: 'successes' | 'failures' | 'unlabelled', times: number];

/** Counts from steps and ends in any order; state k has the id k + 100 unless ids are given. */
export function chainOf(
  states: number,
  steps: readonly Step[],
  ends: readonly End[],
  ids?: readonly bigint[],
): ChainCounts {
  const column = (wanted: End[1]): Float64Array => {
    const counts = new Float64Array(states);
    for (const [state, end, times] of ends) if (end === wanted) counts[state] = (counts[state] ?? 0) + times;
    return counts;
  };
  const summed = new Map<number, Step>();
  for (const [from, to, times] of steps) {
    const key = from * states + to;
    summed.set(key, [from, to, times + (summed.get(key)?.[2] ?? 0)]);
  }
  const sorted = [...summed].sort(([a], [b]) => a - b).map(([, step]) => step);
  return {
    states,
    stateIds: BigUint64Array.from(ids ?? Array.from({ length: states }, (_, state) => BigInt(state + 100))),
    successes: column('successes'),
    failures: column('failures'),
    unlabelled: column('unlabelled'),
    from: Uint32Array.from(sorted, ([from]) => from),
    to: Uint32Array.from(sorted, ([, to]) => to),
    steps: Float64Array.from(sorted, ([, , times]) => times),
  };
}

/** Chains of up to 14 states: sparse or dense, in pieces, with strong cycles; every state is left somehow. */
export const anyChain: fc.Arbitrary<ChainCounts> = fc.integer({ min: 2, max: 14 }).chain((states) => {
  const state = fc.nat(states - 1);
  const often = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 50, max: 500 }));
  return fc
    .record({
      steps: fc.array(fc.tuple(state, state, often), { maxLength: states * 4 }),
      ends: fc.array(fc.tuple(state, fc.constantFrom('successes', 'failures', 'unlabelled'), often), {
        maxLength: states,
      }),
      successes: fc.array(fc.nat(3), { minLength: states, maxLength: states }),
    })
    .map(({ steps, ends, successes }) =>
      chainOf(
        states,
        steps.filter(([from, to]) => from !== to),
        [
          ...ends,
          ...successes.map((times, at) => [at, 'successes', times] as const),
          ...successes.map((_, at) => [at, 'failures', 1] as const),
        ],
      ),
    );
});

/** States in a ring, each going on with this chance and else ending, well in one of two. */
export function slowRing(length: number, stay: number): ChainCounts {
  const states = Array.from({ length }, (_, state) => state);
  return chainOf(
    length,
    states.map((state) => [state, (state + 1) % length, stay]),
    states.flatMap((state) => [
      [state, 'successes', (1 - stay) / 2],
      [state, 'failures', (1 - stay) / 2],
    ]),
  );
}

export interface DenseSolution {
  /** N_ij R_j+, row by source. */
  readonly wins: readonly (readonly number[])[];
  /** B_i+. */
  readonly endsWell: readonly number[];
  /** Expected visits of a session from each state, N 1. */
  readonly visits: readonly number[];
}

/** The textbook way: N = (I - Q)^-1 by Gauss-Jordan with row exchanges. Unlabelled ends count in n_i. */
export function denseSolution(counts: ChainCounts): DenseSolution {
  const { states } = counts;
  const at = (column: Float64Array, k: number): number => column[k] ?? Number.NaN;
  const visits = Array.from(
    { length: states },
    (_, i) => at(counts.successes, i) + at(counts.failures, i) + at(counts.unlabelled, i),
  );
  counts.from.forEach((from, k) => (visits[from] = (visits[from] ?? 0) + at(counts.steps, k)));
  const matrix: number[][] = visits.map((_, i) => visits.map((__, j) => (i === j ? 1 : 0)));
  counts.from.forEach((from, k) => {
    const row = matrix[from];
    const to = counts.to[k] ?? -1;
    if (row !== undefined) row[to] = (row[to] ?? 0) - at(counts.steps, k) / (visits[from] ?? 1);
  });
  const inverse = invert(matrix);
  const endsWell = visits.map((n, j) => at(counts.successes, j) / n);
  const wins = inverse.map((row) => row.map((n, j) => n * (endsWell[j] ?? 0)));
  return { wins, endsWell: wins.map(sum), visits: inverse.map(sum) };
}

function invert(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const size = matrix.length;
  let rows: readonly (readonly number[])[] = matrix.map((row, i) => [
    ...row,
    ...row.map((_, j) => (i === j ? 1 : 0)),
  ]);
  for (let k = 0; k < size; k++) {
    const column = rows.slice(k).map((row) => Math.abs(row[k] ?? 0));
    const pivot = k + column.indexOf(Math.max(...column));
    rows = rows.map((row, i) => (i === k ? (rows[pivot] ?? row) : i === pivot ? (rows[k] ?? row) : row));
    const scale = rows[k]?.[k] ?? Number.NaN;
    const unit = (rows[k] ?? []).map((value) => value / scale);
    rows = rows.map((row, i) =>
      i === k ? unit : row.map((value, j) => value - (row[k] ?? 0) * (unit[j] ?? 0)),
    );
  }
  return rows.map((row) => row.slice(size));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
