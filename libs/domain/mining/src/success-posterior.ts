import type { Beta } from '@heed/statistics';

/**
 * What is known of a success rate after `successes` in `trials`, over a flat prior: Beta(1 + s, 1 + n - s). All that is not an
 * end in success counts as none: failure, silence, and stepping on to ask again.
 */
export function successPosterior(successes: number, trials: number): Beta {
  return { alpha: 1 + successes, beta: 1 + Math.max(0, trials - successes) };
}
