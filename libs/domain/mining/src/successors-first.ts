/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { TransitionGraph } from './transition-graph.ts';

/**
 * The states in an order in which each comes after those it steps to, as far as cycles allow (depth-first, on the way back).
 * Settled in this order a long line of states takes one pass, in the opposite order one pass for every state. O(states + steps).
 */
export function successorsFirst({ states, rowStart, columns }: TransitionGraph): Uint32Array {
  const order = new Uint32Array(states);
  const nextStep = rowStart.slice(0, states);
  const isSeen = new Uint8Array(states);
  const path = new Uint32Array(states);
  let placed = 0;
  for (let root = 0; root < states; root++) {
    if (isSeen[root] === 1) continue;
    let depth = 0;
    path[0] = root;
    isSeen[root] = 1;
    while (depth >= 0) {
      const state = path[depth]!;
      const step = nextStep[state]!++;
      if (step >= rowStart[state + 1]!) {
        order[placed++] = state;
        depth--;
        continue;
      }
      const to = columns[step]!;
      if (isSeen[to] === 1) continue;
      isSeen[to] = 1;
      path[++depth] = to;
    }
  }
  return order;
}
