/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import { incomingSteps, type IncomingSteps } from './incoming-steps.ts';
import { expectedNext, sweepUp } from './sweep-up.ts';
import type { TransitionGraph } from './transition-graph.ts';

/** When to stop; residuals are weighed by the state they wait at. */
export interface PushLimits {
  /** Weighed residuals above this are pushed whatever it costs. */
  readonly coarsest: number;
  /** Weighed residuals below this are never pushed. */
  readonly finest: number;
  /** Steps that may be spent between the two. */
  readonly steps: number;
}

const FLOOR_FALLS_BY = 8;
/** Share of the chain's steps after which a column is long. */
const LONG = 0.25;

/**
 * Solves h = g + Q h, that is h = N g with N = (I - Q)^-1, from a sparse g >= 0: what a session collects on its way when each
 * visit to v pays g_v. With g = R_j+ at j alone, h_i = N_ij R_j+: a column of win probabilities, for all sources at once.
 *
 * Backward push (Andersen et al., Local Computation of PageRank Contributions, 2007). Every state holds a residual r, at
 * first g. Settling v moves r_v into the result and hands Q_uv r_v to every origin u of v. After each settling
 *
 *     h = values + N r                                                                                (invariant)
 *
 * since N e_v = e_v + N Q e_v. All terms are non-negative, so `values` grow towards h from below. A run ends when no
 * weighed residual weight_v r_v exceeds `precision`; then h_u - values_u <= precision * sum_v N_uv / weight_v. At the
 * end the residuals themselves are added, which keeps values <= h because N_uu >= 1.
 *
 * A column costs the steps into the states that settle, never the steps out of a hub on the way. A slow cycle settles again
 * and again, but only its own states do: a return probability of 0.999 takes some ten thousand settlings, 0.1 ms. A column
 * that has cost as many steps as the chain has is long: `sweepUp` takes it on, and pushing what residuals that leaves (the
 * invariant holds for any values with r = g + Q values - values) brings it to its end.
 * Work arrays are made once and cleaned by the list of touched states.
 */
export class BackwardPush {
  /** Lower bounds of h; of the last run are only the entries listed in `touched`. */
  readonly values: Float64Array;
  readonly touched: Uint32Array;
  touchedCount = 0;
  /** Largest weighed residual that was left. */
  precision = 0;

  readonly #graph: TransitionGraph;
  readonly #incoming: IncomingSteps;
  readonly #gains: Float64Array;
  #weights: Float64Array;
  readonly #residuals: Float64Array;
  readonly #isWaiting: Uint8Array;
  /** States to look at: a ring with room for each once. */
  readonly #ring: Uint32Array;
  #head = 0;
  #waiting = 0;
  /** Looked at, and left for a lower floor. */
  readonly #below: Uint32Array;
  #belowCount = 0;

  /** Steps settled in this run; minus infinity once it was swept. */
  #settledSteps = 0;

  /** All weights are 1 until `weigh` is called. */
  constructor(graph: TransitionGraph, incoming = incomingSteps(graph)) {
    const { states } = graph;
    this.#graph = graph;
    this.#incoming = incoming;
    this.#gains = new Float64Array(states);
    this.values = new Float64Array(states);
    this.touched = new Uint32Array(states);
    this.#weights = new Float64Array(states).fill(1);
    this.#residuals = new Float64Array(states);
    this.#isWaiting = new Uint8Array(states);
    this.#ring = new Uint32Array(states);
    this.#below = new Uint32Array(states);
  }

  /** Weighs residuals from here on; every weight that a run can meet must be positive. */
  weigh(weights: Float64Array): void {
    this.#weights = weights;
  }

  /** Solves for g = `amount` at one state. */
  solveAt(state: number, amount: number, limits: PushLimits): void {
    this.#forgetLastRun();
    this.#gains[state] = amount;
    this.#give(state, amount);
    this.#settleAll((amount * this.#weights[state]!) / FLOOR_FALLS_BY, limits);
    this.#gains[state] = 0;
  }

  /** Solves for a whole g. */
  solve(amounts: Float64Array, limits: PushLimits): void {
    this.#forgetLastRun();
    this.#gains.set(amounts);
    this.#sweep(limits.coarsest);
    this.#settleAll(limits.coarsest, limits);
    this.#gains.fill(0);
  }

  /** Largest residuals first, roughly: a floor falls to the finest, or until the steps are spent. */
  #settleAll(firstFloor: number, { coarsest, finest, steps }: PushLimits): void {
    let left = steps;
    for (let floor = firstFloor; ; floor = Math.max(floor / FLOOR_FALLS_BY, finest)) {
      left = this.#lookAtWaiting(floor, coarsest, left);
      if (this.#isLong()) this.#sweep(coarsest);
      this.precision = this.#largestBelow();
      const isDone = this.precision <= finest || (left === 0 && this.precision <= coarsest);
      if (isDone && this.#waiting === 0) break;
      this.#waitAgain();
    }
    this.#addResiduals();
  }

  #isLong(): boolean {
    return this.#settledSteps > LONG * (this.#graph.columns.length + this.#graph.states);
  }

  /** Takes the run on by sweeps, and leaves what they have not settled as residuals. Once in a run. */
  #sweep(precision: number): void {
    this.#waitAgain();
    while (this.#waiting > 0) this.#residuals[this.#nextWaiting()] = 0;
    sweepUp(this.#graph, this.#gains, this.#weights, this.values, precision);
    this.#isWaiting.fill(0);
    this.touchedCount = 0;
    this.#settledSteps = Number.NEGATIVE_INFINITY;
    for (let state = 0; state < this.#graph.states; state++) {
      const value = this.values[state]!;
      if (value > 0) this.touched[this.touchedCount++] = state;
      const residual = this.#gains[state]! + expectedNext(this.#graph, this.values, state) - value;
      if (residual > 0) this.#give(state, residual);
    }
  }

  /** Settles or sets aside until nobody waits. Returns the steps left to spend; 0 once something was too dear. */
  #lookAtWaiting(floor: number, coarsest: number, steps: number): number {
    const { start } = this.#incoming;
    let left = steps;
    while (this.#waiting > 0 && !this.#isLong()) {
      const state = this.#nextWaiting();
      const weighed = this.#residuals[state]! * this.#weights[state]!;
      const cost = weighed > coarsest ? 0 : start[state + 1]! - start[state]! + 1;
      if (weighed < floor || cost > left) {
        this.#below[this.#belowCount++] = state;
        if (floor <= coarsest) left = weighed < floor ? Math.max(0, left - 1) : 0;
      } else {
        left -= cost;
        this.#settle(state);
      }
    }
    return left;
  }

  #settle(state: number): void {
    const { start, origins, probabilities } = this.#incoming;
    const residual = this.#residuals[state]!;
    this.#residuals[state] = 0;
    this.#isWaiting[state] = 0;
    this.#collect(state, residual);
    const [residuals, isWaiting] = [this.#residuals, this.#isWaiting];
    const end = start[state + 1]!;
    this.#settledSteps += end - start[state]! + 1;
    for (let k = start[state]!; k < end; k++) {
      const origin = origins[k]!;
      residuals[origin]! += residual * probabilities[k]!;
      if (isWaiting[origin] === 0) this.#wait(origin);
    }
  }

  #collect(state: number, amount: number): void {
    if (this.values[state] === 0) this.touched[this.touchedCount++] = state;
    this.values[state]! += amount;
  }

  #give(state: number, amount: number): void {
    this.#residuals[state]! += amount;
    if (this.#isWaiting[state] === 0) this.#wait(state);
  }

  #wait(state: number): void {
    this.#isWaiting[state] = 1;
    this.#enter(state);
  }

  #enter(state: number): void {
    let place = this.#head + this.#waiting++;
    if (place >= this.#ring.length) place -= this.#ring.length;
    this.#ring[place] = state;
  }

  #nextWaiting(): number {
    const state = this.#ring[this.#head]!;
    this.#head = this.#head + 1 === this.#ring.length ? 0 : this.#head + 1;
    this.#waiting--;
    return state;
  }

  /** Lets those set aside be looked at once more. */
  #waitAgain(): void {
    for (let n = 0; n < this.#belowCount; n++) this.#enter(this.#below[n]!);
    this.#belowCount = 0;
  }

  #largestBelow(): number {
    let largest = 0;
    for (let n = 0; n < this.#belowCount; n++) {
      const state = this.#below[n]!;
      largest = Math.max(largest, this.#residuals[state]! * this.#weights[state]!);
    }
    return largest;
  }

  #addResiduals(): void {
    for (let n = 0; n < this.#belowCount; n++) {
      const state = this.#below[n]!;
      this.#collect(state, this.#residuals[state]!);
      this.#residuals[state] = 0;
      this.#isWaiting[state] = 0;
    }
    this.#belowCount = 0;
  }

  #forgetLastRun(): void {
    for (let n = 0; n < this.touchedCount; n++) this.values[this.touched[n]!] = 0;
    this.touchedCount = 0;
    this.#settledSteps = 0;
  }
}
