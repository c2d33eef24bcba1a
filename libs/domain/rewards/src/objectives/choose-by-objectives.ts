import { err, ok, type Result } from '@heed/kernel';
import type { Candidate, Constraint, Objectives } from './candidate.ts';
import { checkedObjectives } from './check-objectives.ts';
import { klDivergence } from './kl-divergence.ts';
import { tiltedPolicy } from './tilted-policy.ts';

export interface ObjectiveChoice {
  /** How likely to give each candidate, in their order; 0 for those that were dropped. */
  readonly probabilities: Float64Array;
  readonly dropped: readonly DroppedCandidate[];
  /** Mean of each objective under these probabilities, weighed or not. */
  readonly expected: Readonly<Record<string, number>>;
  /** KL to the current policy as it is, with what it gives to candidates that were dropped; nats. */
  readonly kl: number;
  /** Weighted sum of what is expected, less beta times the KL: no other admissible policy has more. */
  readonly value: number;
}

export interface DroppedCandidate {
  /** Its place among the candidates. */
  readonly at: number;
  /** Every constraint that it violates. */
  readonly violates: readonly Constraint[];
}

export interface NothingAdmissible {
  readonly code: 'nothing-admissible';
  readonly message: string;
}

/**
 * Chooses among the answers to one prompt by several objectives: first whoever violates a constraint is dropped, whatever
 * else it is worth; then R = sum of weight times reward is traded against the distance from the current policy.
 *
 * @param of begins what messages say of the candidates: where there are several prompts, which one
 * @returns refused where nothing is left that the current policy ever gives: what to answer then is not for rewards to say
 * @throws Fault `invalid-objectives`
 * @example chooseByObjectives(candidates, { constraints: [{ objective: 'safe', atLeast: 0.9 }], weights: { help: 1, love: 0.1 }, beta: 0.1 })
 */
export function chooseByObjectives(
  candidates: readonly Candidate[],
  objectives: Objectives,
  of = '',
): Result<ObjectiveChoice, NothingAdmissible> {
  const names = checkedObjectives(candidates, objectives, of);
  const { constraints, weights, beta } = objectives;
  const dropped: DroppedCandidate[] = [];
  for (const [at, candidate] of candidates.entries()) {
    const violates = constraints.filter(({ objective, atLeast }) => rewardOf(candidate, objective) < atLeast);
    if (violates.length > 0) dropped.push({ at, violates });
  }
  const isDropped = new Set(dropped.map(({ at }) => at));
  const reference = candidates.map((candidate) => candidate.reference);
  const admissible = reference.map((probability, at) => (isDropped.has(at) ? 0 : probability));
  if (admissible.every((probability) => probability === 0))
    return err(nothingAdmissible(of, candidates.length, dropped));
  const rewards = candidates.map((candidate) =>
    names.reduce((sum, name) => sum + (weights[name] ?? 0) * rewardOf(candidate, name), 0),
  );
  const probabilities = tiltedPolicy(admissible, rewards, beta);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value, at) => sum + value * (probabilities[at] ?? 0), 0);
  const kl = klDivergence(probabilities, reference);
  return ok({
    probabilities,
    dropped,
    expected: Object.fromEntries(
      names.map((name) => [name, mean(candidates.map((candidate) => rewardOf(candidate, name)))]),
    ),
    kl,
    // Nothing is paid for no distance, however dear distance is.
    value: mean(rewards) - (kl === 0 ? 0 : beta * kl),
  });
}

function rewardOf({ rewards }: Candidate, name: string): number {
  return rewards[name] ?? NaN;
}

function nothingAdmissible(
  of: string,
  count: number,
  dropped: readonly DroppedCandidate[],
): NothingAdmissible {
  const violated = dropped.flatMap(({ violates }) => violates);
  const counts = [
    ...Map.groupBy(violated, ({ objective, atLeast }) => `${objective} of at least ${atLeast}`),
  ].map(([constraint, { length }]) => `${length} miss ${constraint}`);
  return {
    code: 'nothing-admissible',
    message: `${of}None of ${count} candidates can be given: ${counts.join(', ') || 'there is none to choose from'}${dropped.length > 0 && dropped.length < count ? ', and the current policy never gives the others' : ''}. Offer more candidates, or an answer that is known to be admissible.`,
  };
}
