/** How far two sets of counts over the same bins are apart, and how far two draws of one population would be. */
export interface Divergence {
  /** Population stability index, nats: the sum of (p - q) ln(p / q). */
  readonly stability: number;
  /** What of it is more than two draws of these sizes have on average, 0 or more, nats. */
  readonly beyondChance: number;
  /** Two draws of these sizes have more with the probability that was asked for, nats. */
  readonly chanceAtMost: number;
  /** Jensen and Shannon's divergence, bits, 0 to 1. */
  readonly jensenShannon: number;
}

/** What chance is allowed for. */
export interface Allowance {
  /** Independent draws on either side: as many as were counted, or fewer, where some come together. */
  readonly draws: { readonly before: number; readonly now: number };
  /** Probability that two draws of one population have more than `chanceAtMost`; below a half. */
  readonly passedBy: number;
}

/**
 * Population stability index (Siddiqi 2006) and Jensen-Shannon divergence (Lin 1991) of counts. Two draws of one population have an index of
 * (1/n + 1/m) times a chi-squared with a degree of freedom less than there are bins (Yurdakul and Naranjo 2020), whose mean is taken off and whose quantile
 * is that of Wilson and Hilferty (1931). Half a case is added to each bin, so that an empty one does not make it infinite; bins empty on both sides are
 * none. All 0 where fewer than two bins are left. Throws RangeError for counts of two lengths, of nothing, or of no draws.
 */
export function divergenceOf(
  before: readonly number[],
  now: readonly number[],
  { draws, passedBy }: Allowance,
): Divergence {
  if (before.length !== now.length)
    throw new RangeError(`${before.length} bins cannot be compared with ${now.length}`);
  const bins = before.map((count, n) => [count, now[n] ?? 0] as const).filter(([a, b]) => a + b > 0);
  const [n, m] = [bins.reduce((sum, [a]) => sum + a, 0), bins.reduce((sum, [, b]) => sum + b, 0)];
  if (Math.min(n, m, draws.before, draws.now) <= 0)
    throw new RangeError('counts of nothing cannot be compared');
  const shares = bins.map(
    ([a, b]) => [(a + 0.5) / (n + bins.length / 2), (b + 0.5) / (m + bins.length / 2)] as const,
  );
  const stability = shares.reduce((sum, [p, q]) => sum + (p - q) * Math.log(p / q), 0);
  const freedom = bins.length - 1;
  const perFreedom = 1 / draws.before + 1 / draws.now;
  const jensenShannon = bins.reduce((sum, [a, b]) => {
    const [p, q] = [a / n, b / m];
    return sum + (bitsOf(p, (p + q) / 2) + bitsOf(q, (p + q) / 2)) / 2;
  }, 0);
  return {
    stability,
    beyondChance: Math.max(0, stability - freedom * perFreedom),
    chanceAtMost: freedom === 0 ? 0 : perFreedom * chiSquaredQuantile(freedom, normalAbove(passedBy)),
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

/** What a normal number is above with this probability, below a half: Abramowitz and Stegun (1964) 26.2.23, to 4.5e-4. */
function normalAbove(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(probability));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
