/** Scores and the truth about the same cases, in the same order; labels are 0 or 1. */
export interface ScoredLabels {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}
