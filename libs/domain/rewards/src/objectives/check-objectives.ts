import { Fault } from '@heed/kernel';
import type { Candidate, Objectives } from './candidate.ts';

/** Probabilities that came through a file sum to 1 to this much. */
const ROUNDING = 1e-6;

/**
 * The names of the objectives, in a fixed order.
 *
 * @param of begins what messages say of the candidates, which they count from 1
 * @throws Fault `invalid-objectives`, which says what is wrong
 */
export function checkedObjectives(
  candidates: readonly Candidate[],
  { constraints, weights, beta }: Objectives,
  of = '',
): readonly string[] {
  if (!(beta > 0)) throw invalidObjectives(`beta is ${beta}: it must be above 0.`);
  const names = Object.keys(candidates[0]?.rewards ?? {}).sort();
  const asked = [...constraints.map(({ objective }) => objective), ...Object.keys(weights)];
  const unknown = asked.filter((name) => !names.includes(name));
  if (candidates.length > 0 && unknown.length > 0)
    throw invalidObjectives(
      `${unknown.join(', ')}: no candidate has that reward; there are ${names.join(', ')}.`,
    );
  for (const [name, weight] of Object.entries(weights))
    if (!(weight >= 0 && weight < Infinity))
      throw invalidObjectives(`the weight of ${name} is ${weight}: it must be 0 or more.`);
  for (const [at, { reference, rewards }] of candidates.entries()) {
    if (!(reference >= 0 && reference <= 1))
      throw invalidObjectives(
        `${of}candidate ${at + 1} has the reference probability ${reference}: it must be in 0 to 1.`,
      );
    if (Object.keys(rewards).sort().join() !== names.join())
      throw invalidObjectives(
        `${of}candidate ${at + 1} has other rewards than candidate 1: every one needs ${names.join(', ')}.`,
      );
    for (const name of names)
      if (!Number.isFinite(rewards[name]))
        throw invalidObjectives(`${of}the reward ${name} of candidate ${at + 1} is no number.`);
  }
  const total = candidates.reduce((sum, { reference }) => sum + reference, 0);
  if (candidates.length > 0 && Math.abs(total - 1) > ROUNDING)
    throw invalidObjectives(`${of}the reference probabilities sum to ${total}: they must sum to 1.`);
  return names;
}

export function invalidObjectives(what: string): Fault {
  return new Fault(
    'invalid-objectives',
    `These objectives cannot be weighed: ${what}`,
    'Correct that and ask again.',
  );
}
