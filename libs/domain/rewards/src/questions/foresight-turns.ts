import type { Example } from '../exposure/draw-examples.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import { chanceOfRate } from '../foresight/chance-in-rates.ts';
import { positivesIn } from '../training-run/check-enough.ts';
import type { PolicyAnswer } from './model-question.ts';
import { requestInWords } from './request-in-words.ts';

/** A rate of fewer says little: of 30 its 95 % are up to .18 to either side. */
export const FEWEST_EXAMPLES = 30;
export const FEWEST_PROMPTS = 5;
/** Of all policies together, but one of each at least; spread over its time. */
const MOST_SCORED = 4000;

export type ByPolicy = ReadonlyMap<string, readonly Example[]>;
/** Answers given, by policy and prompt. */
export type Given = ReadonlyMap<string, ReadonlyMap<string, readonly PolicyAnswer[]>>;

/** What is predicted of a policy, and what was observed of it. */
interface ForesightTurns {
  /** To be scored, by prompt. */
  readonly turns: readonly (readonly ReadableTurn[])[];
  readonly observed: number;
  /** Rated turns that the rate is of. */
  readonly examples: number;
  /** Variance of the rate by chance. */
  readonly chance: number;
}

export interface Prompted {
  /** 0: each policy on the requests that it got. */
  readonly prompts: number;
  readonly policies: ReadonlyMap<string, ForesightTurns>;
  /** What predictions and rates are of. */
  readonly says: string;
}

/**
 * Predictions and rates of the same prompts, those that all policies answered, each prompt counting alike: what a policy was asked more often than another plays
 * in neither (direct standardisation). Where these prompts, or a policy's rated turns on them, are too few, both are of all turns of the policy.
 *
 * @param rated of each policy thirty turns or more
 */
export function promptsIn(rated: ByPolicy): Prompted {
  const most = Math.max(1, Math.floor(MOST_SCORED / rated.size));
  const byPrompt = [...rated].map(
    ([policy, own]) => [policy, Map.groupBy(own, ({ turn }) => requestInWords(turn))] as const,
  );
  const common = [...(byPrompt[0]?.[1].keys() ?? [])].filter((prompt) =>
    byPrompt.every(([, prompts]) => prompts.has(prompt)),
  );
  if (common.length < FEWEST_PROMPTS)
    return onOwnRequests(rated, most, `have ${few(common.length)} in common`);
  if (most < FEWEST_PROMPTS)
    return onOwnRequests(rated, most, `are too many to score each on ${FEWEST_PROMPTS} prompts`);
  const shared = common.slice(0, most);
  const each = Math.floor(most / shared.length);
  const policies = new Map(
    byPrompt.map(([policy, prompts]) => {
      const own = shared.map((prompt) => prompts.get(prompt) ?? []);
      return [policy, { turns: own.map((some) => spread(some, each)), ...rateOf(own) }];
    }),
  );
  if ([...policies.values()].some(({ examples }) => examples < FEWEST_EXAMPLES))
    return onOwnRequests(
      rated,
      most,
      `do not all have ${FEWEST_EXAMPLES} rated turns on the ${shared.length} prompts that they have in common`,
    );
  return {
    prompts: shared.length,
    policies,
    says: `Predictions and rates are of the same ${shared.length} prompts, of which each counts alike; rates of ${turnsOf(policies)} on them.`,
  };
}

/** Predictions of the prompts given; rates of whatever the log has. */
export function promptsGiven(given: Given, rated: ByPolicy): Prompted {
  const prompts = [...given.values()][0]?.size ?? 0;
  const policies = new Map(
    [...rated].map(([policy, own]) => [
      policy,
      { turns: [...(given.get(policy)?.values() ?? [])], ...rateOf([own]) },
    ]),
  );
  return {
    prompts,
    policies,
    says: `Predictions are of the ${prompts} prompts given; rates of ${turnsOf(policies)} in the log, whatever was asked there.`,
  };
}

function onOwnRequests(rated: ByPolicy, most: number, why: string): Prompted {
  const policies = new Map(
    [...rated].map(([policy, own]) => [
      policy,
      { turns: spread(own, most).map((turn) => [turn]), ...rateOf([own]) },
    ]),
  );
  return {
    prompts: 0,
    policies,
    says: `The policies ${why}: each was predicted on, and rated by, the requests that it got (${turnsOf(policies)}), and what these were plays in.`,
  };
}

/** @param byPrompt rated turns, some of each prompt */
function rateOf(byPrompt: readonly (readonly Example[])[]): Omit<ForesightTurns, 'turns'> {
  const prompts = byPrompt.map((own) => ({ loved: positivesIn(own), rated: own.length }));
  return {
    observed: prompts.reduce((sum, { loved, rated }) => sum + loved / rated, 0) / prompts.length,
    examples: prompts.reduce((sum, { rated }) => sum + rated, 0),
    chance: chanceOfRate(prompts),
  };
}

function spread(own: readonly Example[], most: number): readonly ReadableTurn[] {
  const step = Math.max(1, own.length / most);
  return own.filter((_, n) => Math.floor(n / step) > Math.floor((n - 1) / step)).map(({ turn }) => turn);
}

function few(prompts: number): string {
  return prompts === 0 ? 'no prompts' : `only ${prompts} prompt${prompts === 1 ? '' : 's'}`;
}

function turnsOf(policies: ReadonlyMap<string, Pick<ForesightTurns, 'examples'>>): string {
  const counts = [...policies.values()].map(({ examples }) => examples);
  const least = counts.reduce((low, one) => Math.min(low, one), Infinity);
  const most = counts.reduce((high, one) => Math.max(high, one), 0);
  return `${least === most ? least : `${least} to ${most}`} rated turns of each`;
}
