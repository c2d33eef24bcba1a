/** A Beta distribution over a probability. As a posterior: `alpha - 1` successes and `beta - 1` others over a flat prior. */
export interface Beta {
  readonly alpha: number;
  readonly beta: number;
}
