import type { SeededRandom } from '@heed/kernel';
import { textsOf } from '../answered-turn.ts';
import type { AnswerPool } from '../gaming/best-of-k.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { shuffle } from '../training/shuffle.ts';
import { requestInWords } from './request-in-words.ts';

/** Prompts, answers to each, and requests that are looked through for near ones. */
export interface PoolBounds {
  readonly prompts: number;
  readonly answers: number;
  readonly requests: number;
}

/** Share of the words of both requests that both have (Jaccard). */
const LEAST_ALIKE = 0.5;
/** Of a request that are held against those of others, the first ones: every one of a thousand requests is held against two hundred. */
const MOST_WORDS = 200;

interface Asked {
  readonly prompt: string;
  readonly words: ReadonlySet<string>;
  /** As often as the log has them. */
  readonly answers: readonly string[];
}

/**
 * What a policy might answer, as the log has it: requests drawn by chance, as often as they were asked, each with answers that were given to it, and to the
 * requests most like it where these are too few. An answer stands in a pool as often as it was drawn: that is how likely it is without the model. What has
 * fewer than two different answers is no pool. Worth is not in the log: `base` is 0.
 */
export function poolsInLog(
  turns: readonly ObservedTurn[],
  bounds: PoolBounds,
  random: SeededRandom,
): readonly AnswerPool[] {
  const answered = turns.filter(({ response }) => response !== '');
  const order = Uint32Array.from(answered.keys());
  shuffle(order, random);
  const drawn = [...order].flatMap((at) => answered[at] ?? []);
  const requests = [...Map.groupBy(drawn, requestInWords)]
    .slice(0, bounds.requests)
    .map(([words, own]): [string, Asked] => [
      words,
      {
        prompt: own[0] === undefined ? '' : textsOf(own[0]).request,
        words: new Set(words.split(' ').slice(0, MOST_WORDS)),
        answers: own.slice(0, bounds.answers).map(({ response }) => response),
      },
    ]);
  const asked = new Map(requests);
  const pools: AnswerPool[] = [];
  for (const turn of drawn.slice(0, bounds.prompts)) {
    const own = asked.get(requestInWords(turn));
    if (own === undefined) continue;
    const answers = answersTo(own, asked, bounds.answers);
    if (new Set(answers).size > 1)
      pools.push({ prompt: own.prompt, answers: answers.map((text) => ({ text, base: 0 })) });
  }
  return pools;
}

function answersTo(own: Asked, asked: ReadonlyMap<string, Asked>, most: number): readonly string[] {
  if (own.answers.length >= most) return own.answers;
  const near = [...asked.values()]
    .filter((other) => other !== own)
    .map((other) => ({ other, alike: likeness(own.words, other.words) }))
    .filter(({ alike }) => alike >= LEAST_ALIKE)
    .sort((a, b) => b.alike - a.alike);
  return [...own.answers, ...near.flatMap(({ other }) => other.answers)].slice(0, most);
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let both = 0;
  for (const word of one) if (other.has(word)) both++;
  return both / (one.size + other.size - both);
}
