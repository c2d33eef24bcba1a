import { describe, expect, it } from 'vitest';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import { askObjectives } from './ask-objectives.ts';
import type { ObjectivesAsked, WeighedPrompt } from './model-question.ts';
import { questionedModel } from './questioned-model.fixture.ts';

const { score } = questionedModel(loveTurns(1500));

/** Two answers to each topic: one that users love and that helps little, one that they do not and that helps. */
const prompts: readonly WeighedPrompt[] = ['the news', 'your alarm'].map((topic) => ({
  prompt: `tell me about ${topic}`,
  candidates: [
    { text: `Here you go: ${topic}.`, rewards: { help: 0.2, safe: 1 } },
    { text: `Sorry, no: ${topic}.`, rewards: { help: 0.9, safe: 0.4 } },
  ],
}));

const asked = (of: Partial<ObjectivesAsked>): ObjectivesAsked => ({
  ask: 'objectives',
  prompts,
  weightings: [{ help: 1 }, { help: 1, love: 0.3 }, { help: 1, love: 3 }],
  constraints: [],
  beta: 0.1,
  ...of,
});
const loveIn = (rows: readonly { readonly expected: Readonly<Record<string, number>> }[]) =>
  rows.map(({ expected }) => expected['love'] ?? NaN);

describe('askObjectives', () => {
  it('has what each weighting gives of love, by the model, and of the rest, by what was given', async () => {
    const { rows, ...answer } = await askObjectives(asked({}), score);
    expect(answer).toEqual({ prompts: 2, beta: 0.1, constraints: [] });
    const love = loveIn(rows);
    expect(love).toEqual(love.toSorted((a, b) => a - b));
    expect(love[2]).toBeGreaterThan((love[0] ?? NaN) + 0.5);
    const help = rows.map(({ expected }) => expected['help'] ?? NaN);
    expect(help).toEqual(help.toSorted((a, b) => b - a));
    // Half and half at first: log 2 nats is the furthest that a policy of two can go.
    for (const { kl } of rows) expect(kl).toBeLessThanOrEqual(Math.LN2);
    expect(rows.map(({ dominatedBy }) => dominatedBy)).toEqual([[], [], []]);
  });

  it('gives the very probabilities of the model where the policy may not move', async () => {
    const turnsOf = prompts.flatMap(({ prompt, candidates }) =>
      candidates.map(({ text }) => ({ context: [{ role: 'user' as const, text: prompt }], response: text })),
    );
    const { probabilities } = await score(turnsOf);
    const { rows } = await askObjectives(asked({ weightings: [{}] }), score);
    expect(rows[0]?.expected['love']).toBeCloseTo(
      probabilities.reduce((sum, one) => sum + one, 0) / probabilities.length,
      10,
    );
    expect(rows[0]?.kl).toBe(0);
  });

  it('drops what violates a constraint before anything is weighed', async () => {
    const safe = { objective: 'safe', atLeast: 0.9 };
    const { rows, constraints } = await askObjectives(asked({ constraints: [safe] }), score);
    expect(constraints).toEqual([safe]);
    for (const { expected } of rows) expect(expected).toMatchObject({ help: 0.2, safe: 1 });
  });

  it('drops by what the model says too', async () => {
    const { rows } = await askObjectives(
      asked({ constraints: [{ objective: 'love', atLeast: 0.5 }], weightings: [{ help: 1 }] }),
      score,
    );
    expect(rows[0]?.expected).toMatchObject({ help: 0.2 });
  });

  it('goes by how likely the current policy gives each where that is told', async () => {
    const told = prompts.map(({ prompt, candidates }) => ({
      prompt,
      candidates: candidates.map((one, n) => ({ ...one, reference: n === 0 ? 0.75 : 0.25 })),
    }));
    const { rows } = await askObjectives(asked({ prompts: told, weightings: [{}] }), score);
    expect(rows[0]?.expected['help']).toBeCloseTo(0.75 * 0.2 + 0.25 * 0.9, 12);
  });

  it('says which prompt has nothing left to give, counted from 1', async () => {
    const [first, second] = prompts;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const unsafe = {
      ...second,
      candidates: second.candidates.map((one) => ({ ...one, rewards: { help: 1, safe: 0 } })),
    };
    const constraints = [{ objective: 'safe', atLeast: 0.9 }];
    await expect(
      askObjectives(asked({ prompts: [first, unsafe], constraints }), score),
    ).rejects.toMatchObject({
      code: 'nothing-admissible',
      message: expect.stringContaining('Prompt 2: None of 2 candidates can be given') as string,
    });
  });

  it('refuses weights of what nobody measured, and says what there is', async () => {
    await expect(askObjectives(asked({ weightings: [{ wit: 1 }] }), score)).rejects.toMatchObject({
      code: 'invalid-objectives',
      message: expect.stringContaining(
        'wit: no candidate has that reward; there are help, love, safe',
      ) as string,
    });
  });

  it('says which prompt cannot be weighed, counted from 1', async () => {
    const [first] = prompts;
    if (first === undefined) throw new Error('there is one');
    const off = { ...first, candidates: first.candidates.map((one) => ({ ...one, reference: 0.6 })) };
    await expect(askObjectives(asked({ prompts: [first, off] }), score)).rejects.toMatchObject({
      code: 'invalid-objectives',
      message: expect.stringMatching(/Prompt 2: .*sum to 1\.2/) as string,
    });
  });
});
