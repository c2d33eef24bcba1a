/**
 * The chain's counts over a window of days, as columns. State `k` is row `k` of every per-state column; steps are sorted by
 * (from, to), each pair once. Counts are sessions, fractional when days are decayed.
 */
export interface ChainCounts {
  /** Number of states, `S`. */
  readonly states: number;
  /** The store's 64-bit name of each state, to ask for its text; length S. */
  readonly stateIds: BigUint64Array;
  /** s_i, f_i, u_i: sessions ending at the state well, badly, and with nothing said; length S each. */
  readonly successes: Float64Array;
  readonly failures: Float64Array;
  readonly unlabelled: Float64Array;
  /** T_ij as triples, i != j; length = number of distinct steps. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly steps: Float64Array;
}
