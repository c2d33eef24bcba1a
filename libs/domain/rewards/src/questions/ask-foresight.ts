import { Fault, seededRandom } from '@heed/kernel';
import { bootstrapInterval } from '@heed/statistics';
import type { Example } from '../exposure/draw-examples.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import { chanceSays } from '../foresight/chance-in-rates.ts';
import { foresightOf, type PastPolicy } from '../foresight/foresight.ts';
import {
  FEWEST_EXAMPLES,
  FEWEST_PROMPTS,
  promptsGiven,
  promptsIn,
  type ByPolicy,
  type Given,
} from './foresight-turns.ts';
import type { ForesightAnswer, PredictedPolicy } from './model-answers.ts';
import type { PolicyAnswer } from './model-question.ts';
import type { QuestionedLog, TurnScorer } from './questioned-log.ts';

/** Two lie on a line whatever they are. */
const FEWEST_POLICIES = 3;

/**
 * Whether what the model says of past policies' answers is what users then did: by the answers to prompts that all policies had, as the log has them or as
 * they are given. A policy is called by the `model` of its answers. Rates are of turns that the model did not learn from, unless these are of too few
 * policies: then of all. The answer says which, and of how many turns on what. Of given policies that have no rate it says what is predicted.
 *
 * Throws Fault `prompts-differ` when the answers given are not of the same prompts.
 */
export async function askForesight(
  { heldOut, examples }: Pick<QuestionedLog, 'heldOut' | 'examples'>,
  score: TurnScorer,
  answers?: readonly PolicyAnswer[],
): Promise<ForesightAnswer> {
  const given = answers === undefined ? undefined : samePrompts(answers);
  const unseen = policiesIn(heldOut, given);
  const learnedFrom = ratedIn(unseen).size < FEWEST_POLICIES;
  const all = learnedFrom ? policiesIn(examples, given) : unseen;
  const rated = ratedIn(all);
  const isFew = rated.size < FEWEST_POLICIES;
  const others = [...(given ?? [])].filter(([policy]) => isFew || !rated.has(policy));
  const candidates: PredictedPolicy[] = [];
  for (const [policy, ofPrompts] of others)
    candidates.push({ policy, ...predictionOf(await meansOf([...ofPrompts.values()], score)) });
  if (isFew)
    return {
      answered: false,
      why: tooFew(all, rated, given),
      ...(candidates.length > 0 && { candidates }),
    };
  const compared = given === undefined ? promptsIn(rated) : promptsGiven(given, rated);
  const past: PastPolicy[] = [];
  for (const [policy, { turns, observed }] of compared.policies)
    past.push({ policy, predicted: await meansOf(turns, score), observed });
  const { policies, says, ...report } = foresightOf(past);
  return {
    answered: true,
    ...(report.correlation !== undefined && { correlation: report.correlation }),
    ...(report.interval && { interval: report.interval }),
    policies: policies.map(({ policy, observed }, n) => ({
      ...{ policy, ...predictionOf(past[n]?.predicted ?? new Float64Array()) },
      ...{ observed, examples: compared.policies.get(policy)?.examples ?? 0 },
    })),
    prompts: compared.prompts,
    learnedFrom,
    leftOut: [...all.keys()].filter((policy) => !rated.has(policy) && given?.has(policy) !== true),
    ...(candidates.length > 0 && { candidates }),
    says: [
      learnedFrom
        ? 'Rates are of all rated turns, also of those that the model learned from, which flatters it.'
        : 'Rates are of turns that came after those that the model learned from.',
      ...[compared.says, says, chanceSays([...compared.policies.values()])].filter((told) => told !== ''),
    ].join(' '),
  };
}

/** @param means of each prompt */
function predictionOf(means: Float64Array): Omit<PredictedPolicy, 'policy'> {
  const meanOf = (prompts: ArrayLike<number>): number => {
    let sum = 0;
    for (let at = 0; at < prompts.length; at++) sum += means[prompts[at] ?? -1] ?? NaN;
    return sum / prompts.length;
  };
  const prompts = Uint32Array.from(means.keys());
  return {
    predicted: meanOf(prompts),
    ...(means.length >= FEWEST_PROMPTS && { interval: bootstrapInterval(prompts, meanOf, seededRandom(0)) }),
  };
}

function policiesIn(examples: readonly Example[], given?: ReadonlyMap<string, unknown>): ByPolicy {
  const named = examples.filter(
    ({ turn }) => turn.answeredBy !== undefined && given?.has(turn.answeredBy) !== false,
  );
  return Map.groupBy(named, ({ turn }) => turn.answeredBy ?? '');
}

function ratedIn(policies: ByPolicy): ByPolicy {
  return new Map([...policies].filter(([, own]) => own.length >= FEWEST_EXAMPLES).sort(byName));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}

function tooFew(all: ByPolicy, rated: ByPolicy, given?: ReadonlyMap<string, unknown>): string {
  const where = given === undefined ? 'in the log' : `of the ${given.size} given that the log has`;
  return `Too few policies to say whether predictions come true: ${rated.size} ${where} with ${FEWEST_EXAMPLES} rated turns or more (${all.size} with any), and it takes ${FEWEST_POLICIES}, for an interval five. A policy is what \`response.model\` of a turn names.`;
}

/** By policy and prompt. Throws Fault `prompts-differ`. */
function samePrompts(answers: readonly PolicyAnswer[]): Given {
  const given = new Map(
    [...Map.groupBy(answers, ({ policy }) => policy)].map(([policy, own]) => [
      policy,
      Map.groupBy(own, ({ context }) => JSON.stringify(context)),
    ]),
  );
  const all = new Set([...given.values()].flatMap((own) => [...own.keys()]));
  for (const [policy, own] of given)
    if (own.size < all.size)
      throw new Fault(
        'prompts-differ',
        `The policy ${policy} has answers to ${own.size} of the ${all.size} prompts: predictions of policies are compared on the same prompts.`,
        'Give an answer of every policy to every prompt, with the same context word for word.',
      );
  return given;
}

/** Of each prompt the mean over its answers. */
async function meansOf(
  prompts: readonly (readonly ReadableTurn[])[],
  score: TurnScorer,
): Promise<Float64Array> {
  const { probabilities } = await score(prompts.flat());
  let at = 0;
  return Float64Array.from(prompts, (own) => {
    const sum = probabilities.subarray(at, at + own.length).reduce((total, one) => total + one, 0);
    at += own.length;
    return sum / own.length;
  });
}
