/** How far two sets of counts over the same bins are apart, and how far two draws of one population would be. */
export interface Divergence {
  /** Population stability index, nats: the sum of (p - q) ln(p / q). */
  readonly stability: number;
  /** What of it is more than two draws of these sizes have on average, 0 or more, nats. */
  readonly beyondChance: number;
  /** Two draws of these sizes have more in one case of a thousand, nats. */
  readonly chanceAtMost: number;
  /** Jensen and Shannon's divergence, bits, 0 to 1. */
  readonly jensenShannon: number;
}

const NORMAL_999 = 3.090232306167813;

/**
 * Population stability index (Siddiqi 2006) and Jensen-Shannon divergence (Lin 1991) of counts. Two draws of one population have an index of
 * (1/n + 1/m) times a chi-squared with a degree of freedom less than there are bins (Yurdakul and Naranjo 2020), whose mean is taken off and whose quantile
 * is that of Wilson and Hilferty (1931). Half a case is added to each bin, so that an empty one does not make it infinite; bins empty on both sides are
 * none. All 0 where fewer than two bins are left. Throws RangeError for counts of two lengths or of nothing.
 */
export function divergenceOf(before: readonly number[], now: readonly number[]): Divergence {
  if (before.length !== now.length)
    throw new RangeError(`${before.length} bins cannot be compared with ${now.length}`);
  const bins = before.map((count, n) => [count, now[n] ?? 0] as const).filter(([a, b]) => a + b > 0);
  const [n, m] = [bins.reduce((sum, [a]) => sum + a, 0), bins.reduce((sum, [, b]) => sum + b, 0)];
  if (n === 0 || m === 0) throw new RangeError('counts of nothing cannot be compared');
  const shares = bins.map(
    ([a, b]) => [(a + 0.5) / (n + bins.length / 2), (b + 0.5) / (m + bins.length / 2)] as const,
  );
  const stability = shares.reduce((sum, [p, q]) => sum + (p - q) * Math.log(p / q), 0);
  const freedom = bins.length - 1;
  const perFreedom = 1 / n + 1 / m;
  const jensenShannon = bins.reduce((sum, [a, b]) => {
    const [p, q] = [a / n, b / m];
    return sum + (bitsOf(p, (p + q) / 2) + bitsOf(q, (p + q) / 2)) / 2;
  }, 0);
  return {
    stability,
    beyondChance: Math.max(0, stability - freedom * perFreedom),
    chanceAtMost: freedom === 0 ? 0 : perFreedom * chiSquaredQuantile(freedom, NORMAL_999),
    jensenShannon: Math.max(0, Math.min(1, jensenShannon)),
  };
}

function bitsOf(share: number, middle: number): number {
  return share === 0 ? 0 : share * Math.log2(share / middle);
}

/** @param normal the same quantile of the normal distribution */
function chiSquaredQuantile(freedom: number, normal: number): number {
  const ninth = 2 / (9 * freedom);
  return freedom * (1 - ninth + normal * Math.sqrt(ninth)) ** 3;
}
