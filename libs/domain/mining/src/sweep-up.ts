/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { TransitionGraph } from './transition-graph.ts';

const MOST_SWEEPS = 16;

/**
 * Gauss-Seidel for h = g + Q h, from below: `values` with values <= g + Q values grow towards h, sweep by sweep, until no
 * weighed value grows by more than `precision`, or for a few sweeps. Where a column is long anyway this is several times
 * faster than pushing, for it reads the chain in order; `busiestFirst` makes that a good one. O(steps) a sweep.
 */
export function sweepUp(
  graph: TransitionGraph,
  gains: Float64Array,
  weights: Float64Array,
  values: Float64Array,
  precision: number,
): void {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let growth = 0;
    for (let state = 0; state < graph.states; state++) {
      const value = gains[state]! + expectedNext(graph, values, state);
      const grown = (value - values[state]!) * weights[state]!;
      if (grown <= 0) continue;
      values[state] = value;
      if (grown > growth) growth = grown;
    }
    if (growth <= precision) return;
  }
}

/** (Q values) at a state: the value of where a session goes next. */
export function expectedNext(graph: TransitionGraph, values: Float64Array, state: number): number {
  const { rowStart, columns, probabilities } = graph;
  const end = rowStart[state + 1]!;
  let sum = 0;
  for (let k = rowStart[state]!; k < end; k++) sum += probabilities[k]! * values[columns[k]!]!;
  return sum;
}
