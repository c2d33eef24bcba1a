/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { ChainCounts } from './chain-counts.ts';
import type { UnlabelledEnds } from './unlabelled-ends.ts';

/**
 * The absorbing chain as compressed sparse rows: the steps out of state `i` are entries `rowStart[i] .. rowStart[i + 1]` of
 * `columns` and `probabilities`. States are rows of the counts it was made from.
 */
export interface TransitionGraph {
  readonly states: number;
  readonly rowStart: Uint32Array;
  readonly columns: Uint32Array;
  /** Q_ij = T_ij / n_i. */
  readonly probabilities: Float64Array;
  /** n_i = sum_j T_ij + s_i + f_i, and u_i unless unlabelled ends are dropped. */
  readonly visits: Float64Array;
  /** s_i, with u_i when unlabelled ends count as success. */
  readonly successes: Float64Array;
  /** R_i+ = s_i / n_i; 0 for a state without visits. */
  readonly endsWell: Float64Array;
}

/**
 * Divides counts into probabilities. O(states + steps); the counts are read, not kept, but for the column `to`, which is shared.
 * Throws RangeError when steps are not sorted by `from`, since everything after would silently be wrong.
 */
export function transitionGraph(
  counts: ChainCounts,
  unlabelledEnds: UnlabelledEnds = 'unlabelled',
): TransitionGraph {
  const { states, from, to, steps } = counts;
  const rowStart = rowStarts(from, states);
  const visits = new Float64Array(states);
  const successes = new Float64Array(states);
  const endsWell = new Float64Array(states);
  const probabilities = new Float64Array(steps.length);
  for (let i = 0; i < states; i++) {
    const silent = counts.unlabelled[i]!;
    let total = counts.successes[i]! + counts.failures[i]! + (unlabelledEnds === 'drop' ? 0 : silent);
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) total += steps[k]!;
    visits[i] = total;
    successes[i] = counts.successes[i]! + (unlabelledEnds === 'success' ? silent : 0);
    if (total === 0) continue;
    endsWell[i] = successes[i]! / total;
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) probabilities[k] = steps[k]! / total;
  }
  return { states, rowStart, columns: to, probabilities, visits, successes, endsWell };
}

function rowStarts(from: Uint32Array, states: number): Uint32Array {
  const starts = new Uint32Array(states + 1);
  let previous = 0;
  for (const state of from) {
    if (state < previous || state >= states) {
      throw new RangeError(
        `steps must be sorted by their first state: ${state} follows ${previous} of ${states}`,
      );
    }
    starts[state + 1]!++;
    previous = state;
  }
  for (let i = 0; i < states; i++) starts[i + 1]! += starts[i]!;
  return starts;
}
