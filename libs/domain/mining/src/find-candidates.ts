/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import type { Candidate, StateRecord } from './candidate.ts';
import type { ChainCounts } from './chain-counts.ts';
import { solveRewrites, type Rewrites, type SolverPrecision } from './solve-rewrites.ts';
import { transitionGraph, type TransitionGraph } from './transition-graph.ts';
import type { UnlabelledEnds } from './unlabelled-ends.ts';

export interface CandidateOptions {
  readonly unlabelledEnds?: UnlabelledEnds;
  /** Sources with fewer visits cannot pass the `sessions` gate and are left out. */
  readonly fewestVisits?: number;
  /** Ids of states served under a fix: part of the chain, but never rewritten and never served (contamination). */
  readonly servedStates?: ReadonlySet<bigint>;
  readonly precision?: SolverPrecision;
  readonly progress?: (done: number, of: number) => void;
}

/**
 * For every source i the target j* = argmax over j != i of N_ij R_j+ (Ponnusamy et al. 2019), in order of the sources' rows.
 * A source from which no other state is ever left well has no candidate.
 */
export function findCandidates(counts: ChainCounts, options: CandidateOptions = {}): readonly Candidate[] {
  const graph = transitionGraph(counts, options.unlabelledEnds);
  const targets = notServed(counts.stateIds, options.servedStates);
  const fewest = options.fewestVisits ?? 0;
  const sources = targets.map((mayServe, state) =>
    mayServe === 1 && graph.visits[state]! >= fewest ? 1 : 0,
  );
  const rewrites = solveRewrites(
    graph,
    { sources, targets },
    counts.stateIds,
    options.precision,
    options.progress,
  );
  const candidates: Candidate[] = [];
  rewrites.target.forEach((target, source) => {
    if (target >= 0) candidates.push(candidate(graph, rewrites, source, target, counts.stateIds));
  });
  return candidates;
}

function notServed(stateIds: BigUint64Array, served: ReadonlySet<bigint> = new Set()): Uint8Array {
  const marks = new Uint8Array(stateIds.length).fill(1);
  if (served.size > 0) {
    stateIds.forEach((id, state) => {
      if (served.has(id)) marks[state] = 0;
    });
  }
  return marks;
}

function candidate(
  graph: TransitionGraph,
  { winProbability, endsWell, errorBound }: Rewrites,
  source: number,
  target: number,
  stateIds: BigUint64Array,
): Candidate {
  return {
    from: stateIds[source]!,
    to: stateIds[target]!,
    source: recordOf(graph, source),
    target: recordOf(graph, target),
    absorption: {
      n_i: graph.visits[source]!,
      n_j: graph.visits[target]!,
      Q_ij: stepProbability(graph, source, target),
      N_ij: winProbability[source]! / graph.endsWell[target]!,
      R_j: graph.endsWell[target]!,
      B: endsWell[source]!,
      winProbability: winProbability[source]!,
      errorBound: errorBound[source]!,
    },
  };
}

function recordOf({ visits, successes }: TransitionGraph, state: number): StateRecord {
  return { visits: visits[state]!, successes: successes[state]! };
}

function stepProbability(
  { rowStart, columns, probabilities }: TransitionGraph,
  from: number,
  to: number,
): number {
  const place = columns.subarray(rowStart[from], rowStart[from + 1]).indexOf(to);
  return place < 0 ? 0 : probabilities[rowStart[from]! + place]!;
}
