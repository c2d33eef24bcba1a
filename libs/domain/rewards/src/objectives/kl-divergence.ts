/**
 * KL(p || q) = sum of p log(p / q), in nats: how far p has moved away from q. 0 where p is q, infinite where p gives what q
 * never does. Source: Kullback and Leibler 1951. Cost: linear.
 *
 * @param p probabilities that sum to 1, as those of q
 * @example klDivergence([0.5, 0.5], [0.9, 0.1]) // 0.5108
 */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < p.length; at++) {
    const [mine, theirs] = [p[at] ?? 0, q[at] ?? 0];
    if (mine > 0) sum += mine * Math.log(mine / theirs);
  }
  // Rounding can bring equal distributions a hair below.
  return Math.max(0, sum);
}
