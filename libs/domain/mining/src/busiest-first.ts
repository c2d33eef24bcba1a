/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import { successorsFirst } from './successors-first.ts';
import type { TransitionGraph } from './transition-graph.ts';

/** A chain whose states were given new rows. */
export interface Relabelled {
  readonly graph: TransitionGraph;
  /** Row in the original chain of each new row. */
  readonly originals: Uint32Array;
}

/**
 * The same chain with its states in an order that is good to work in: by visits, most first, since hubs are where most
 * steps lead and so come to lie together in memory; among equals those first that others step to (see `successorsFirst`).
 * O(states log states + steps).
 */
export function busiestFirst(graph: TransitionGraph): Relabelled {
  const { states, visits } = graph;
  const rank = new Uint32Array(states);
  successorsFirst(graph).forEach((state, place) => (rank[state] = place));
  const originals = Uint32Array.from({ length: states }, (_, state) => state);
  originals.sort((a, b) => visits[b]! - visits[a]! || rank[a]! - rank[b]!);
  return { graph: relabel(graph, originals), originals };
}

function relabel(graph: TransitionGraph, originals: Uint32Array): TransitionGraph {
  const { states } = graph;
  const newRow = new Uint32Array(states);
  originals.forEach((state, row) => (newRow[state] = row));
  const rowStart = new Uint32Array(states + 1);
  const columns = new Uint32Array(graph.columns.length);
  const probabilities = new Float64Array(graph.columns.length);
  let place = 0;
  for (let row = 0; row < states; row++) {
    const state = originals[row]!;
    for (let k = graph.rowStart[state]!; k < graph.rowStart[state + 1]!; k++) {
      columns[place] = newRow[graph.columns[k]!]!;
      probabilities[place++] = graph.probabilities[k]!;
    }
    rowStart[row + 1] = place;
  }
  const inNewOrder = (column: Float64Array): Float64Array => column.map((_, row) => column[originals[row]!]!);
  return {
    states,
    rowStart,
    columns,
    probabilities,
    visits: inNewOrder(graph.visits),
    successes: inNewOrder(graph.successes),
    endsWell: inNewOrder(graph.endsWell),
  };
}
