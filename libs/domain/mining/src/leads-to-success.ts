/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { IncomingSteps } from './incoming-steps.ts';

/**
 * Marks with 1 the states from which some session could end well: a search backwards from those where one does. From the
 * others everything the solve asks for is 0. O(states + steps).
 */
export function leadsToSuccess(endsWell: Float64Array, { start, origins }: IncomingSteps): Float64Array {
  const leads = new Float64Array(endsWell.length);
  const open: number[] = [];
  const mark = (state: number): void => {
    if (leads[state] === 1) return;
    leads[state] = 1;
    open.push(state);
  };
  endsWell.forEach((chance, state) => {
    if (chance > 0) mark(state);
  });
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let k = start[state]!; k < start[state + 1]!; k++) mark(origins[k]!);
  }
  return leads;
}
