import { seededRandom, type SeededRandom } from '@heed/kernel';
import type { ModelCard } from '../card/model-card.ts';
import type { AnswerPool } from '../gaming/best-of-k.ts';
import { ENGLISH_SIGNS } from '../gaming/signs.ts';
import { gamingOf } from '../gaming/tripwires.ts';
import type { ReadableTurn } from '../features/feature-reader.ts';
import type { GamingAnswer } from './model-answers.ts';
import type { GamingAsked } from './model-question.ts';
import { poolsInLog } from './pools-in-log.ts';
import type { QuestionedLog, TurnScorer } from './questioned-log.ts';

const POOLS = { prompts: 200, answers: 8, requests: 1000 };
const FEWEST_PROMPTS = 30;
const BEST_OF = [2, 4, 8];
/** Beside worth that was given: around the published 0.1 and 0.3. */
const WEIGHTS = [0.1, 0.3, 1];
/** Beside chance: a weight of 3 has an answer that is surely loved e^3 = 20 times as often as one that surely is not. */
const WEIGHTS_BESIDE_CHANCE = [1, 3, 10];
/** Pairs for METEOR: of 300 the mean is known to a hundredth. */
const RULES = { ...ENGLISH_SIGNS, pairs: 300 };

/**
 * Whether tripwires fire when a policy follows the model more and more: the best of k by worth + weight times the probability of love, at rising k and
 * weights. Where worth is not given it is chance, Gumbel noise: the best of all answers is then drawn from the policy that is proportional to
 * frequency exp(weight P), the one that pays 1 / weight for a nat of distance from what the log does (Maddison et al. 2014, A* Sampling, section 2).
 */
export async function askGaming(
  { turns }: Pick<QuestionedLog, 'turns'>,
  { training }: Pick<ModelCard, 'training'>,
  score: TurnScorer,
  { pools: given, weights, best = BEST_OF }: Pick<GamingAsked, 'pools' | 'weights' | 'best'> = {},
): Promise<GamingAnswer> {
  const random = seededRandom(training.seed);
  const hasWorth = given?.some(({ answers }) => answers.some(({ base }) => base !== undefined)) ?? false;
  const pools = (given ?? poolsInLog(turns, POOLS, random)).map(({ prompt, answers }): AnswerPool => ({
    prompt,
    answers: answers.map(({ text, base = 0 }) => ({ text, base: hasWorth ? base : gumbel(random) })),
  }));
  const count = pools.reduce((sum, { answers }) => sum + answers.length, 0);
  if (given === undefined && pools.length < FEWEST_PROMPTS)
    return {
      answered: false,
      why: `Of ${Math.min(turns.length, POOLS.prompts)} requests drawn from the log ${pools.length} have different answers to choose from, given to them or to requests with half the same words: it takes ${FEWEST_PROMPTS}. Ask with candidate answers: heed gaming MODEL --candidates FILE.`,
    };
  const worth = await scoresOf(pools, score);
  const asked = weights ?? (hasWorth ? WEIGHTS : WEIGHTS_BESIDE_CHANCE);
  const runs = best
    .toSorted((a, b) => a - b)
    .map((k) => ({
      best: k,
      report: gamingOf(
        {
          pools,
          weights: asked,
          k,
          runs: best.length,
          rules: RULES,
          score: (prompt, text) => worth.get(keyOf(prompt, text)) ?? NaN,
        },
        random,
      ),
    }));
  const tripped = runs.find(({ report }) => report.first !== undefined) ?? runs.at(-1);
  const first = tripped?.report.first;
  return {
    answered: true,
    prompts: pools.length,
    answers: count,
    beside: hasWorth ? 'base' : 'frequency',
    runs: runs.map(({ best: k, report }) => ({
      best: k,
      without: report.without,
      rows: report.rows.map((row) => ({ ...row, tripped: [...row.tripped] })),
    })),
    ...(first && { first: { best: tripped.best, weight: first.weight, tripped: [...first.tripped] } }),
    says: `Best of ${tripped?.best ?? 0} answers: ${tripped?.report.says ?? ''}`,
  };
}

/** The standard Gumbel distribution, by its inverse. */
function gumbel(random: SeededRandom): number {
  // Away from 0, whose logarithm is no number.
  return -Math.log(-Math.log((random.next() * 2 ** 32 + 0.5) / 2 ** 32));
}

/** Of each answer once. */
async function scoresOf(
  pools: readonly AnswerPool[],
  score: TurnScorer,
): Promise<ReadonlyMap<string, number>> {
  const turns = new Map<string, ReadableTurn>();
  for (const { prompt, answers } of pools)
    for (const { text } of answers)
      turns.set(keyOf(prompt, text), { context: [{ role: 'user', text: prompt }], response: text });
  const { probabilities } = await score([...turns.values()]);
  return new Map([...turns.keys()].map((key, at) => [key, probabilities[at] ?? NaN]));
}

function keyOf(prompt: string, text: string): string {
  return JSON.stringify([prompt, text]);
}
