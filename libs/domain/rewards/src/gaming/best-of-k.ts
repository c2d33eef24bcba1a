import type { SeededRandom } from '@heed/kernel';
import type { SpokenAnswer } from './spoken-answer.ts';

/** The answers that a policy might give to one prompt. */
export interface AnswerPool {
  readonly prompt: string;
  /** `base` is what the answer is worth without the model. */
  readonly answers: readonly { readonly text: string; readonly base: number }[];
}

/** What the model under test thinks of an answer, in the units that the weight is meant for. */
export type AnswerScore = (prompt: string, text: string) => number;

/**
 * What best-of-k sampling answers at each weight: of k answers drawn from a prompt's pool without putting back, the one with the most base + weight * score,
 * the first drawn of equals. The same k are drawn for every weight, so that policies differ by the weight alone. A pool of fewer than k is taken whole.
 */
export function bestOfK(
  pools: readonly AnswerPool[],
  score: AnswerScore,
  weights: readonly number[],
  k: number,
  random: SeededRandom,
): readonly (readonly SpokenAnswer[])[] {
  if (!Number.isInteger(k) || k < 1)
    throw new RangeError(`best of ${k} is none: k is a whole number, 1 or more`);
  const drawn = pools.map(({ prompt, answers }) => {
    if (answers.length === 0) throw new RangeError('a prompt without answers has no best one');
    return draw(answers, k, random).map(({ text, base }) => ({
      prompt,
      text,
      base,
      score: score(prompt, text),
    }));
  });
  return weights.map((weight) =>
    drawn.map((candidates) => {
      const worth = (of: { base: number; score: number }): number => of.base + weight * of.score;
      const { prompt, text } = candidates.reduce((best, other) =>
        worth(other) > worth(best) ? other : best,
      );
      return { prompt, text };
    }),
  );
}

function draw<T>(items: readonly T[], most: number, random: SeededRandom): readonly T[] {
  const left = [...items];
  return Array.from({ length: Math.min(most, left.length) }, () =>
    left.splice(random.below(left.length), 1),
  ).flat();
}
