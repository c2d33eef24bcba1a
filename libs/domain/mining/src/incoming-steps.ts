/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { TransitionGraph } from './transition-graph.ts';

/** The chain read backwards: the steps into state `j` are entries `start[j] .. start[j + 1]`. */
export interface IncomingSteps {
  readonly start: Uint32Array;
  readonly origins: Uint32Array;
  /** Q_ij of the step from the origin i. */
  readonly probabilities: Float64Array;
}

/** Transposes the chain by a counting sort, O(states + steps); the origins of a state come in ascending order. */
export function incomingSteps({ states, rowStart, columns, probabilities }: TransitionGraph): IncomingSteps {
  const start = new Uint32Array(states + 1);
  for (const to of columns) start[to + 1]!++;
  for (let j = 0; j < states; j++) start[j + 1]! += start[j]!;
  const next = start.slice();
  const origins = new Uint32Array(columns.length);
  const incoming = new Float64Array(columns.length);
  for (let i = 0; i < states; i++) {
    for (let k = rowStart[i]!; k < rowStart[i + 1]!; k++) {
      const place = next[columns[k]!]!++;
      origins[place] = i;
      incoming[place] = probabilities[k]!;
    }
  }
  return { start, origins, probabilities: incoming };
}
