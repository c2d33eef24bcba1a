/**
 * How a session that ends with nothing said enters the chain:
 *
 * - `unlabelled`: at an end of its own. It counts in n_i and never as success: silence is not approval, nor is it failure.
 * - `success`, `failure`: as if it had ended so, for logs whose silence is known to mean that.
 * - `drop`: its end is not counted in n_i; its steps are.
 */
export const UNLABELLED_ENDS = ['unlabelled', 'success', 'failure', 'drop'] as const;
export type UnlabelledEnds = (typeof UNLABELLED_ENDS)[number];
