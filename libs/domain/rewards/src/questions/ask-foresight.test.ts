import { describe, expect, it } from 'vitest';
import type { Example } from '../exposure/draw-examples.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { Scores } from '../reward-head.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { askForesight } from './ask-foresight.ts';
import type { ForesightAnswer } from './model-answers.ts';
import type { PolicyAnswer } from './model-question.ts';
import { ofPolicies } from './policy-turns.fixture.ts';
import { questionedLog, type TurnScorer } from './questioned-log.ts';
import { questionedModel } from './questioned-model.fixture.ts';

const turns = loveTurns(1500);
const { card, score } = questionedModel(turns);
const logOf = (own: typeof turns) => questionedLog(own, card);
const five = logOf(ofPolicies(turns, 5));

function said(text: string): ObservedTurn['context'] {
  return [{ role: 'user', text }];
}
function fail(): never {
  throw new Error('there are thirty examples');
}

/** So many rated turns of a policy on one prompt, of which that share was loved. */
function rated(policy: number, prompt: number, count: number, loved: number): readonly Example[] {
  const [{ turn, ...rest }] = [five.examples[0] ?? fail()];
  return Array.from({ length: count }, (_, n) => ({
    ...rest,
    label: n < Math.round(loved * count) ? (1 as const) : (0 as const),
    turn: { ...turn, context: said(`number ${String(prompt)}`), answeredBy: `p-${String(policy)}` },
  }));
}

type Answered = Extract<ForesightAnswer, { readonly answered: true }>;
function answered(answer: ForesightAnswer): Answered {
  if (!answer.answered) throw new Error(answer.why);
  return answer;
}

/** Answers of policies to the same prompts, of which a policy says sorry to as many as its number. */
function answersOf(policies: number, prompts = 6): readonly PolicyAnswer[] {
  return Array.from({ length: policies * prompts }, (_, n) => {
    const [policy, prompt] = [Math.floor(n / prompts), n % prompts];
    return {
      policy: `p-${String(policies - 1 - policy)}`,
      context: [{ role: 'user', text: `tell me about number ${String(prompt)}` }],
      response: `${prompt < policy ? 'Sorry, no' : 'Here you go'}: number ${String(prompt)}.`,
    };
  });
}

describe('askForesight', () => {
  it('finds that five policies were loved as was predicted, by reactions that the model did not learn from', async () => {
    const answer = answered(await askForesight(five, score));
    expect(answer.policies.map(({ policy }) => policy)).toEqual(['p-0', 'p-1', 'p-2', 'p-3', 'p-4']);
    const { predicted, observed } = {
      predicted: answer.policies.map((one) => one.predicted),
      observed: answer.policies.map((one) => one.observed),
    };
    expect(predicted[4]).toBeGreaterThan((predicted[0] ?? NaN) + 0.4);
    expect(observed[4]).toBeGreaterThan((observed[0] ?? NaN) + 0.4);
    expect(answer.correlation).toBeGreaterThan(0.95);
    expect(answer.interval?.low).toBeGreaterThan(0);
    expect(answer).toMatchObject({ prompts: 5, learnedFrom: false, leftOut: [] });
    expect(answer.policies.reduce((sum, { examples }) => sum + examples, 0)).toBe(five.heldOut.length);
    expect(answer.says).toContain('5 policies are few, the interval is wide');
    expect(answer.says).toMatch(
      /^Rates are of turns that came after those that the model learned from\. Predictions and rates are of the same 5 prompts/,
    );
    expect(answer.says).not.toContain('flatters');
  });

  it('observes on the prompts that it predicts on, whatever a policy was asked more often than another', async () => {
    // Two prompts in five are hardly loved, and the higher a policy's number, the more often it was asked these.
    const examples = [0, 1, 2, 3, 4].flatMap((policy) =>
      [0, 1, 2, 3, 4].flatMap((prompt) =>
        rated(policy, prompt, prompt < 2 ? 10 + 20 * policy : 10, prompt < 2 ? 0.2 : 0.8),
      ),
    );
    const ofWords: TurnScorer = (own) => {
      const probabilities = Float64Array.from(own, ({ context }) =>
        /[01]$/u.test(context[0]?.text ?? '') ? 0.2 : 0.8,
      );
      return Promise.resolve({ logits: probabilities, probabilities });
    };
    const answer = answered(await askForesight({ heldOut: examples, examples }, ofWords));
    expect(answer.prompts).toBe(5);
    for (const { predicted, observed } of answer.policies) {
      expect(predicted).toBeCloseTo(0.56, 12);
      expect(observed).toBeCloseTo(0.56, 12);
    }
    expect(answer.policies.map((one) => one.examples)).toEqual([50, 90, 130, 170, 210]);
    expect(answer).not.toHaveProperty('interval');
  });

  it('goes by all turns of each where some have too few on the prompts in common, and says that rates are noisy', async () => {
    const examples = [0, 1, 2, 3, 4].flatMap((policy) => [
      ...[0, 1, 2, 3, 4].flatMap((prompt) => rated(policy, prompt, 5, 0.4)),
      ...rated(policy, 10 + policy, 10, 0.1 * policy),
    ]);
    const answer = answered(await askForesight({ heldOut: examples, examples }, score));
    expect(answer).toMatchObject({
      prompts: 0,
      policies: [0, 1, 2, 3, 4].map((policy) => ({ examples: 35, observed: (10 + policy) / 35 })),
    });
    expect(answer.says).toContain(
      'The policies do not all have 30 rated turns on the 5 prompts that they have in common: each was predicted on, and rated by, the requests that it got (35 rated turns of each), and what these were plays in.',
    );
    expect(answer.says).toContain('about 100 % of their variance is what chance makes');
  });

  it('goes by all reactions, and says that this flatters, where those held out are of too few policies', async () => {
    const few = { ...five, heldOut: five.heldOut.slice(0, 60) };
    const answer = answered(await askForesight(few, score));
    expect(answer.learnedFrom).toBe(true);
    expect(answer.says).toContain('which flatters it');
    expect(answer.policies.reduce((sum, { examples }) => sum + examples, 0)).toBe(five.examples.length);
  });

  it('leaves out policies with too few rated turns for a rate, and names them', async () => {
    const heldOut = five.heldOut.filter(
      ({ turn }, n) => turn.answeredBy !== 'p-2' || n < five.heldOut.length / 3,
    );
    const answer = answered(await askForesight({ ...five, heldOut }, score));
    expect(answer.leftOut).toEqual(['p-2']);
    expect(answer.policies).toHaveLength(4);
    expect(answer.says).toContain('4 past policies are too few to say whether predictions come true');
    expect(answer).not.toHaveProperty('correlation');
  });

  it.each([
    [0, turns, '0 in the log with 30 rated turns or more (0 with any)'],
    [2, ofPolicies(turns, 2), '2 in the log with 30 rated turns or more (2 with any)'],
  ])('warns plainly at %i policies', async (_, own, why) => {
    const answer = await askForesight(logOf(own), score);
    expect(answer).toEqual({ answered: false, why: expect.stringContaining(why) as string });
  });

  it('predicts each policy on the requests that it got where they have none in common, and says so', async () => {
    const apart = ofPolicies(turns, 5).map((turn) => ({
      ...turn,
      context: [{ role: 'user' as const, text: `${String(turn.answeredBy)} asks` }],
    }));
    const answer = answered(await askForesight(logOf(apart), score));
    expect(answer.prompts).toBe(0);
    expect(answer.says).toContain('no prompts in common');
    expect(answer.correlation).toBeGreaterThan(0.9);
  });

  it('has no number for a model that says the same of everything', async () => {
    const same: TurnScorer = (own) =>
      Promise.resolve<Scores>({
        logits: new Float64Array(own.length),
        probabilities: new Float64Array(own.length).fill(0.5),
      });
    const answer = answered(await askForesight(five, same));
    expect(answer).not.toHaveProperty('correlation');
    expect(answer.says).toContain('all the same');
  });

  it('scores no more than it may, however many turns policies have', async () => {
    let scored = 0;
    const counting: TurnScorer = (own) => {
      scored += own.length;
      return score(own);
    };
    const many = Array.from({ length: 5 }, () => five.examples).flat();
    await askForesight({ heldOut: many, examples: many }, counting);
    expect(many.length).toBeGreaterThan(4000);
    expect(scored).toBeLessThanOrEqual(4000);
    expect(scored).toBeGreaterThan(3000);
  });

  it.each([
    ['the same prompts', (turn: ObservedTurn) => turn],
    [
      'prompts of their own',
      (turn: ObservedTurn, n: number) => ({ ...turn, context: said(`${String(n)}?`) }),
    ],
  ])(
    'scores an answer of each where there are more policies than answers to score, on %s',
    async (_, asked) => {
      const most = 4001;
      const examples = Array.from({ length: 30 * most }, (__, n): Example => {
        const { turn, ...rest } = five.examples[n % 30] ?? fail();
        return { ...rest, turn: { ...asked(turn, n), answeredBy: `p-${String(Math.floor(n / 30))}` } };
      });
      let scored = 0;
      const counting: TurnScorer = (own) => {
        scored += own.length;
        return Promise.resolve({
          logits: new Float64Array(own.length),
          probabilities: new Float64Array(own.length),
        });
      };
      const answer = answered(await askForesight({ heldOut: examples, examples }, counting));
      expect(answer.policies).toHaveLength(most);
      expect(scored).toBe(most);
    },
  );
});

describe('askForesight, of answers to fixed prompts', () => {
  it('predicts on them, and observes in the log', async () => {
    const answer = answered(await askForesight(five, score, answersOf(5)));
    expect(answer.prompts).toBe(6);
    for (const { policy, observed, examples } of answer.policies) {
      const own = five.heldOut.filter(({ turn }) => turn.answeredBy === policy);
      expect(examples).toBe(own.length);
      expect(observed).toBe(own.filter(({ label }) => label === 1).length / own.length);
    }
    expect(answer.says).toMatch(
      /Predictions are of the 6 prompts given; rates of \d+ to \d+ rated turns of each in the log, whatever was asked there\./,
    );
    // Each says sorry to a prompt more than the next.
    const predicted = answer.policies.map((one) => one.predicted);
    expect(predicted).toEqual(predicted.toSorted((a, b) => a - b));
    expect(answer.correlation).toBeGreaterThan(0.9);
  });

  it('predicts what candidates would be loved, which nobody has tried yet, with an interval', async () => {
    const answer = answered(await askForesight(five, score, answersOf(7)));
    expect(answer.leftOut).toEqual([]);
    expect(answer.policies).toHaveLength(5);
    // p-6 says sorry to none of the prompts, p-5 to one.
    const [best, next] = answer.candidates ?? [];
    expect([best?.policy, next?.policy]).toEqual(['p-6', 'p-5']);
    expect(best?.predicted).toBeGreaterThan(next?.predicted ?? NaN);
    expect(best?.predicted).toBeGreaterThan(0.9);
    for (const { predicted, interval = { low: NaN, high: NaN } } of answer.candidates ?? []) {
      expect(interval.low).toBeLessThanOrEqual(predicted);
      expect(interval.high).toBeGreaterThanOrEqual(predicted);
    }
    // One prompt of six that is not loved is told by no prompt or by several.
    expect(next?.interval?.high).toBeGreaterThan((next?.interval?.low ?? NaN) + 0.3);
  });

  it('predicts candidates also where past policies are too few to say whether that comes true', async () => {
    expect(await askForesight(five, score, answersOf(2))).toEqual({
      answered: false,
      why: expect.stringContaining('2 of the 2 given that the log has') as string,
      candidates: ['p-1', 'p-0'].map((policy) => ({
        policy,
        predicted: expect.any(Number) as number,
        interval: { low: expect.any(Number) as number, high: expect.any(Number) as number },
      })),
    });
  });

  it('has no interval on fewer than five prompts', async () => {
    const [candidate] = answered(await askForesight(five, score, answersOf(6, 4))).candidates ?? [];
    expect(candidate).toMatchObject({ policy: 'p-5' });
    expect(candidate).not.toHaveProperty('interval');
  });

  it('has the interval of a mean: 1.96 standard errors to either side', async () => {
    // A scorer that loves every other prompt: of 400 the standard error is .5 / 20.
    const prompts = 400;
    const answers = answersOf(3, prompts);
    const halves: TurnScorer = (own) =>
      Promise.resolve({
        logits: new Float64Array(own.length),
        probabilities: Float64Array.from(own.keys(), (at) => at % 2),
      });
    const { policies } = answered(await askForesight(five, halves, answers));
    for (const { predicted, interval = { low: NaN, high: NaN } } of policies) {
      expect(predicted).toBe(0.5);
      expect(Math.abs(interval.low - (0.5 - 1.96 * 0.025))).toBeLessThan(0.012);
      expect(Math.abs(interval.high - (0.5 + 1.96 * 0.025))).toBeLessThan(0.012);
    }
  });

  it('takes the mean of several answers of a policy to one prompt', async () => {
    const answers = answersOf(5);
    const [again] = answers;
    if (again === undefined) throw new Error('five policies have answers');
    const once = answered(await askForesight(five, score, answers));
    const twice = answered(await askForesight(five, score, [again, ...answers]));
    expect(twice.policies).toEqual(once.policies);
  });

  it('refuses policies that were not given the same prompts', async () => {
    await expect(askForesight(five, score, answersOf(5).slice(1))).rejects.toMatchObject({
      code: 'prompts-differ',
      message: expect.stringContaining('The policy p-4 has answers to 5 of the 6 prompts') as string,
    });
  });
});
