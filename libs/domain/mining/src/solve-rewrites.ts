/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import { BackwardPush, type PushLimits } from './backward-push.ts';
import { busiestFirst } from './busiest-first.ts';
import { incomingSteps } from './incoming-steps.ts';
import { leadsToSuccess } from './leads-to-success.ts';
import type { TransitionGraph } from './transition-graph.ts';

/** How exactly to solve. A residual is weighed by the visits that a session at its state still has before it. */
export interface SolverPrecision {
  /** No weighed residual above this is left anywhere. */
  readonly coarsest: number;
  /** No weighed residual below this is followed. */
  readonly finest: number;
  /** Steps to spend between the two, over all targets: some 20 ns each. */
  readonly steps: number;
}

export const DEFAULT_PRECISION: SolverPrecision = { coarsest: 1e-3, finest: 1e-12, steps: 40_000_000 };
/** Expected visits are only weights and part of the bound: a tenth is exact enough. */
const VISITS_PRECISION: PushLimits = { coarsest: 0.1, finest: 0.01, steps: 1_000_000 };

/** Who may be rewritten, and who may be what it is rewritten to: 1 = yes, by state. */
export interface Eligible {
  readonly sources: Uint8Array;
  readonly targets: Uint8Array;
}

/** The solution by source state; a source without a target has -1. */
export interface Rewrites {
  readonly target: Int32Array;
  /** N_ij R_j+ of the target. */
  readonly winProbability: Float64Array;
  /** B_i+. */
  readonly endsWell: Float64Array;
  /** Neither of the two is below its true value by more than this; none is above. */
  readonly errorBound: Float64Array;
}

/** Win probabilities that differ by less than rounding are a tie, which the smaller id wins. */
const TIE = 1e-12;
const TARGETS_BETWEEN_PROGRESS = 8192;

/**
 * For every eligible source i the target j* = argmax over j != i of N_ij R_j+, N = (I - Q)^-1.
 *
 * Solved by columns: one backward push for each target gives its win probability from every source, and each source keeps the
 * best. A column is as long as there are sources from which the target is likely. Rare targets, nearly all of them, cost a
 * handful of steps; and only so many targets can be likely from everywhere, however many states there are. What `steps`
 * allow beyond the coarsest residual makes figures finer, target by target; a small chain comes out to rounding.
 *
 * Error bound. Let L_u = sum_v N_uv be the visits that a session at u has before it, to states that can lead to success (no other
 * ever holds a residual). A column whose weighed residuals r_v L_v are at most e is too low at i by
 *
 *     sum_v N_iv r_v <= e sum_v N_iv / L_v <= e log2(1 + L_i).
 *
 * The second step: a visit uses up one, E L(X_t+1) = L(X_t) - 1 along a session X_0 = i, X_1, ..., so by Jensen's inequality
 *
 *     E log2(1 + L(X_t+1)) <= log2 L(X_t) = log2(1 + L(X_t)) - log2(1 + 1 / L(X_t)) <= log2(1 + L(X_t)) - 1 / L(X_t),
 *
 * and summed over the session, E sum_t 1 / L(X_t) <= log2(1 + L_i): a session that goes in circles fifty thousand times is off
 * by 16 e at most. L is itself solved by push, with g = 1, to residuals of at most d < 1, hence L (1 - d) <= values <= L,
 * and the bound becomes e / (1 - d) log2(1 + values_i / (1 - d)). The target is the argmax up to the same bound with
 * e = coarsest.
 *
 * Incremental use, not done since a whole solve takes seconds: a changed row u changes a column only where that column's push
 * settled a state that u steps to; keeping each column's touched list would tell which to push again.
 */
export function solveRewrites(
  chain: TransitionGraph,
  eligible: Eligible,
  ids: BigUint64Array,
  precision: SolverPrecision = DEFAULT_PRECISION,
  progress?: (done: number, of: number) => void,
): Rewrites {
  const { graph, originals } = busiestFirst(chain);
  const incoming = incomingSteps(graph);
  const push = new BackwardPush(graph, incoming);
  push.solve(leadsToSuccess(graph.endsWell, incoming), VISITS_PRECISION);
  const visits = { values: push.values.slice(), certain: 1 - push.precision };
  push.weigh(visits.values);
  push.solve(graph.endsWell, { ...precision, steps: precision.steps / 8 });
  const endsWell = push.values.slice();

  const isSource = eligible.sources.map((_, row) => eligible.sources[originals[row]!]!);
  const best = new BestTargets(
    push.precision,
    ids.map((_, row) => ids[originals[row]!]!),
    isSource,
  );
  const targets = Uint32Array.from(originals.keys()).filter(
    (row) => graph.endsWell[row]! > 0 && eligible.targets[originals[row]!] === 1,
  );
  const limits: PushLimits = {
    ...precision,
    steps: Math.floor(precision.steps / Math.max(1, targets.length)),
  };
  targets.forEach((target, done) => {
    if (done % TARGETS_BETWEEN_PROGRESS === 0) progress?.(done, targets.length);
    push.solveAt(target, graph.endsWell[target]!, limits);
    best.offer(target, push);
  });
  progress?.(targets.length, targets.length);

  const errorBound = best.residual.map(
    (residual, row) => (residual / visits.certain) * Math.log2(1 + visits.values[row]! / visits.certain),
  );
  const target = best.target.map((row) => (row < 0 ? -1 : originals[row]!));
  return inRowsOf(originals, { target, winProbability: best.winProbability, endsWell, errorBound });
}

/** The solution back in the rows of the chain as it came. */
function inRowsOf(originals: Uint32Array, solved: Rewrites): Rewrites {
  const rewrites = {
    target: new Int32Array(originals.length),
    winProbability: new Float64Array(originals.length),
    endsWell: new Float64Array(originals.length),
    errorBound: new Float64Array(originals.length),
  };
  originals.forEach((original, row) => {
    rewrites.target[original] = solved.target[row]!;
    rewrites.winProbability[original] = solved.winProbability[row]!;
    rewrites.endsWell[original] = solved.endsWell[row]!;
    rewrites.errorBound[original] = solved.errorBound[row]!;
  });
  return rewrites;
}

/** The best target of every source among the columns offered so far. */
class BestTargets {
  readonly target: Int32Array;
  readonly winProbability: Float64Array;
  /** Largest weighed residual that the source's figures were left with. */
  readonly residual: Float64Array;
  readonly #leastResidual: number;
  readonly #ids: BigUint64Array;
  readonly #isSource: Uint8Array;

  constructor(leastResidual: number, ids: BigUint64Array, isSource: Uint8Array) {
    const states = ids.length;
    this.target = new Int32Array(states).fill(-1);
    this.winProbability = new Float64Array(states);
    this.residual = new Float64Array(states).fill(leastResidual);
    this.#leastResidual = leastResidual;
    this.#ids = ids;
    this.#isSource = isSource;
  }

  offer(target: number, { values, touched, touchedCount, precision }: BackwardPush): void {
    for (let n = 0; n < touchedCount; n++) {
      const source = touched[n]!;
      if (this.#isSource[source] === 0 || source === target || !this.#beats(target, values[source]!, source))
        continue;
      this.target[source] = target;
      this.winProbability[source] = values[source]!;
      this.residual[source] = Math.max(precision, this.#leastResidual);
    }
  }

  #beats(target: number, win: number, source: number): boolean {
    const best = this.winProbability[source]!;
    if (win > best * (1 + TIE)) return true;
    return win >= best * (1 - TIE) && this.#ids[target]! < this.#ids[this.target[source]!]!;
  }
}
