/**
 * The policy p that makes sum of p R - beta KL(p || reference) greatest: p proportional to reference exp(R / beta). There is
 * one, in closed form (e.g. Rafailov et al. 2023, Direct Preference Optimization, equation 4). Cost: linear.
 *
 * Where beta is infinite it is the reference; as beta goes to 0 it becomes the best candidate alone.
 *
 * @param reference what the current policy gives, 0 or more each, not all 0; it need not sum to 1
 * @param rewards in the order of the reference
 * @param beta above 0, in units of reward for each nat
 * @example tiltedPolicy([0.5, 0.5], [0, Math.log(3)], 1) // [0.25, 0.75]
 */
export function tiltedPolicy(
  reference: ArrayLike<number>,
  rewards: ArrayLike<number>,
  beta: number,
): Float64Array {
  // From the best downwards: a reward over a small beta is beyond any number, and so is exp of it.
  let best = -Infinity;
  for (let at = 0; at < reference.length; at++)
    if ((reference[at] ?? 0) > 0) best = Math.max(best, rewards[at] ?? 0);
  const weights = Float64Array.from({ length: reference.length }, (_, at) => {
    const probability = reference[at] ?? 0;
    return probability === 0 ? 0 : probability * Math.exp(((rewards[at] ?? 0) - best) / beta);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}
