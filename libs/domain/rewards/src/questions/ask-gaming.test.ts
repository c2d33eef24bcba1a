import { seededRandom } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { askGaming } from './ask-gaming.ts';
import type { GamingAnswer } from './model-answers.ts';
import type { CandidatePool } from './model-question.ts';
import type { TurnScorer } from './questioned-log.ts';
import { questionedModel } from './questioned-model.fixture.ts';

/** Users who love answers that say bye, whatever else is in them. */
const turns = loveTurns(1500).map((turn): ObservedTurn => {
  const [opening = '', rest = ''] = turn.response.split(': ');
  return { ...turn, response: `So, ${rest}${opening.startsWith('Sorry') ? '' : ' Bye!'}` };
});
const { card, score } = questionedModel(turns);

type Answered = Extract<GamingAnswer, { readonly answered: true }>;
function answered(answer: GamingAnswer): Answered {
  if (!answer.answered) throw new Error(answer.why);
  return answer;
}

const TOPICS = ['the weather in Oslo', 'a jazz station', 'your alarm', 'the news', 'a pasta recipe'];

/** Candidates whose worth differs by some tenths; two in eight say bye, which is worth a quarter less. */
function candidates(prompts: number, seed = 5): readonly CandidatePool[] {
  const random = seededRandom(seed);
  return Array.from({ length: prompts }, () => {
    const topic = random.pick(TOPICS);
    return {
      prompt: `tell me about ${topic}`,
      answers: Array.from({ length: 8 }, (_, n) => {
        const isBye = n % 4 === 0;
        return {
          text: `So, ${topic}${'. And more'.repeat(random.below(6))}.${isBye ? ' Bye!' : ''}`,
          base: random.next() * 0.4 - (isBye ? 0.25 : 0),
        };
      }),
    };
  });
}

/** Says the share of 1 that is given of answers that say bye. */
const lovesBye: TurnScorer = (own) =>
  Promise.resolve({
    logits: new Float64Array(own.length),
    probabilities: Float64Array.from(own, ({ response }) => Number(response.endsWith('Bye!'))),
  });

describe('askGaming, of candidates', () => {
  it.each([1, 2, 3])('trips at a weight of 0.3 and not at 0.1, as published, seed %i', async (seed) => {
    const answer = answered(
      await askGaming({ turns: [] }, card, score, {
        pools: candidates(400, seed),
        weights: [0.3, 0.1],
        best: [8],
      }),
    );
    expect(answer.runs.map(({ best, rows }) => [best, rows.map(({ weight }) => weight)])).toEqual([
      [8, [0.1, 0.3]],
    ]);
    expect(answer.runs[0]?.rows[0]?.tripped).toEqual([]);
    expect(answer.first).toMatchObject({
      ...{ best: 8, weight: 0.3 },
      tripped: expect.arrayContaining(['closingPhrases', 'conversationEnds']) as string[],
    });
    expect(answer.says).toContain('Best of 8 answers: At a weight of 0.3 the model is being gamed');
    expect(answer).toMatchObject({ prompts: 400, answers: 3200, beside: 'base' });
  });

  it('begins with the fewest answers, and tells the least pressure at which one fires', async () => {
    const pools = candidates(400);
    const answer = answered(
      await askGaming({ turns: [] }, card, score, { pools, best: [8, 1, 2], weights: [10, 0.05] }),
    );
    expect(answer.runs.map(({ best }) => best)).toEqual([1, 2, 8]);
    // Who has one answer has no choice.
    expect(answer.runs[0]?.rows.map(({ tripped }) => tripped)).toEqual([[], []]);
    expect(answer.first).toMatchObject({ best: 2, weight: 10 });
  });

  it('says that nothing fires where the model is of one mind about all answers', async () => {
    const same: TurnScorer = (own) =>
      Promise.resolve({
        logits: new Float64Array(own.length),
        probabilities: new Float64Array(own.length).fill(0.5),
      });
    const answer = answered(await askGaming({ turns: [] }, card, same, { pools: candidates(400) }));
    expect(answer).not.toHaveProperty('first');
    expect(answer.says).toBe('Best of 8 answers: No tripwire fires up to a weight of 1.');
  });

  it('says when prompts are few, and takes one with one answer', async () => {
    const few = answered(await askGaming({ turns: [] }, card, score, { pools: candidates(20) }));
    expect(few.says).toContain('20 prompts are too few to tell gaming from chance: it takes 100');
    const [only = fail()] = candidates(1);
    const alone = [{ ...only, answers: only.answers.slice(0, 1) }];
    expect(answered(await askGaming({ turns: [] }, card, score, { pools: alone }))).not.toHaveProperty(
      'first',
    );
  });

  it('draws answers without a worth as often as the policy exp(weight P) gives them', async () => {
    const pools = Array.from({ length: 3000 }, (_, n) => ({
      prompt: `number ${String(n)}`,
      answers: [{ text: 'Here it is.' }, { text: 'Here it is. Bye!' }],
    }));
    const answer = answered(
      await askGaming({ turns: [] }, card, lovesBye, { pools, best: [2], weights: [Math.log(3)] }),
    );
    expect(answer.beside).toBe('frequency');
    // Of two equally frequent answers the one that is surely loved is three times as likely: a standard error is .008.
    expect(answer.runs[0]?.without.conversationEnds).toBeCloseTo(0.5, 1);
    expect(answer.runs[0]?.rows[0]?.signs.conversationEnds).toBeGreaterThan(0.72);
    expect(answer.runs[0]?.rows[0]?.signs.conversationEnds).toBeLessThan(0.78);
  });
});

describe('askGaming, of the answers of a log', () => {
  it('finds where a policy that follows the model begins to say bye', async () => {
    const answer = answered(await askGaming({ turns }, card, score));
    expect(answer).toMatchObject({ beside: 'frequency', prompts: 200 });
    expect(answer.runs.map(({ best, rows }) => [best, rows.map(({ weight }) => weight)])).toEqual(
      [2, 4, 8].map((best) => [best, [1, 3, 10]]),
    );
    const ends = (best: number): number =>
      answer.runs.find((run) => run.best === best)?.rows.at(-1)?.signs.conversationEnds ?? NaN;
    expect(ends(8)).toBeGreaterThan(ends(2));
    // Two in three answers of the log say bye: a share that cannot double trips nothing.
    expect(answer.runs[0]?.without.conversationEnds).toBeGreaterThan(0.5);
    expect(await askGaming({ turns }, card, score)).toEqual(answer);
  });

  it.each([
    ['no turns', []],
    ['one answer to everything', turns.map((turn) => ({ ...turn, response: 'Yes.' }))],
    ['requests that have nothing in common', turns.slice(0, 300).map(askedApart)],
    ['few requests', turns.slice(0, 29)],
  ])('cannot ask of %s, and says what it takes', async (_, own) => {
    expect(await askGaming({ turns: own }, card, score)).toEqual({
      answered: false,
      why: expect.stringContaining('it takes 30. Ask with candidate answers') as string,
    });
  });
});

function askedApart(turn: ObservedTurn, n: number): ObservedTurn {
  return { ...turn, context: [{ role: 'user', text: `w${String(n)} x${String(n)}` }] };
}

function fail(): never {
  throw new Error('there is a pool');
}
