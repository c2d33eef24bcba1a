/** A Beta distribution over a probability. As a posterior: `alpha - 1` successes and `beta - 1` others over a flat prior. */
export interface Beta {
  readonly alpha: number;
  readonly beta: number;
}

/** @example betaMean({ alpha: 3, beta: 1 }) // 0.75 */
export function betaMean({ alpha, beta }: Beta): number {
  return alpha / (alpha + beta);
}
