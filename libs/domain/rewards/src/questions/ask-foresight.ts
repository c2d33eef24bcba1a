import { Fault, seededRandom } from '@heed/kernel';
import { bootstrapInterval } from '@heed/statistics';
import type { Example } from '../exposure/draw-examples.ts';
import { positivesIn } from '../training-run/check-enough.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import { foresightOf, type PastPolicy } from '../foresight/foresight.ts';
import type { ForesightAnswer, PredictedPolicy } from './model-answers.ts';
import type { PolicyAnswer } from './model-question.ts';
import type { QuestionedLog, TurnScorer } from './questioned-log.ts';
import { requestInWords } from './request-in-words.ts';

/** Two lie on a line whatever they are. */
const FEWEST_POLICIES = 3;
/** A rate of fewer says little: of 30 its 95 % are up to .18 to either side. */
const FEWEST_EXAMPLES = 30;
const FEWEST_PROMPTS = 5;
/** Of all policies together, but one of each at least; the latest of each. */
const MOST_SCORED = 4000;

type ByPolicy = ReadonlyMap<string, readonly Example[]>;

/**
 * Whether what the model says of past policies' answers is what users then did: by the answers to prompts that all policies had, as the log has them or as
 * they are given. A policy is called by the `model` of its answers. Rates are of turns that the model did not learn from, unless these are of too few
 * policies: then of all, and the answer says so. Of given policies that have no rate it says what is predicted.
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
  const { prompts, turns } = given === undefined ? promptsIn(rated) : promptsGiven(given, rated);
  const past: PastPolicy[] = [];
  for (const [policy, ofPrompts] of turns) {
    const own = rated.get(policy) ?? [];
    past.push({
      policy,
      predicted: await meansOf(ofPrompts, score),
      observed: positivesIn(own) / own.length,
    });
  }
  const { policies, says, ...report } = foresightOf(past);
  return {
    answered: true,
    ...(report.correlation !== undefined && { correlation: report.correlation }),
    ...(report.interval && { interval: report.interval }),
    policies: policies.map(({ policy, observed }, n) => ({
      ...{ policy, ...predictionOf(past[n]?.predicted ?? new Float64Array()) },
      ...{ observed, examples: rated.get(policy)?.length ?? 0 },
    })),
    prompts,
    learnedFrom,
    leftOut: [...all.keys()].filter((policy) => !rated.has(policy) && given?.has(policy) !== true),
    ...(candidates.length > 0 && { candidates }),
    says: [
      says,
      ...(prompts === 0
        ? [
            'The policies have no prompts in common: each was predicted on the requests that it got, and what these were plays in.',
          ]
        : []),
      ...(learnedFrom ? ['The model learned from reactions to these very policies, which flatters it.'] : []),
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

/** Turns to score of each policy, by prompt: those that all have, or where these are too few, all as if of one prompt each. */
interface Prompted {
  readonly prompts: number;
  readonly turns: ReadonlyMap<string, readonly (readonly ReadableTurn[])[]>;
}

function promptsIn(rated: ByPolicy): Prompted {
  const most = Math.max(1, Math.floor(MOST_SCORED / rated.size));
  const byPrompt = [...rated].map(
    ([policy, own]) =>
      [
        policy,
        Map.groupBy(
          own.map(({ turn }) => turn),
          requestInWords,
        ),
      ] as const,
  );
  const shared = [...(byPrompt[0]?.[1].keys() ?? [])].filter((prompt) =>
    byPrompt.every(([, prompts]) => prompts.has(prompt)),
  );
  if (shared.length < FEWEST_PROMPTS)
    return {
      prompts: 0,
      turns: new Map([...rated].map(([policy, own]) => [policy, own.slice(-most).map(({ turn }) => [turn])])),
    };
  const prompts = shared.slice(0, most);
  const each = Math.floor(most / prompts.length);
  return {
    prompts: prompts.length,
    turns: new Map(
      byPrompt.map(([policy, own]) => [
        policy,
        prompts.map((prompt) => (own.get(prompt) ?? []).slice(-each)),
      ]),
    ),
  };
}

type Given = ReadonlyMap<string, ReadonlyMap<string, readonly PolicyAnswer[]>>;

function promptsGiven(given: Given, rated: ByPolicy): Prompted {
  return {
    prompts: [...given.values()][0]?.size ?? 0,
    turns: new Map([...rated.keys()].map((policy) => [policy, [...(given.get(policy)?.values() ?? [])]])),
  };
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
