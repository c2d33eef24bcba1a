import { describe, expect, it } from 'vitest';
import { modelCard, type ModelCard } from '../card/model-card.ts';
import { loveTurns } from '../training-run/love-turns.fixture.ts';
import type { TrainingProgress } from '../training-run/training-order.ts';
import { askModel, withQuestions } from './ask-model.ts';
import { ofPolicies } from './policy-turns.fixture.ts';
import type { TurnScorer } from './questioned-log.ts';
import { questionedModel } from './questioned-model.fixture.ts';

const turns = ofPolicies(loveTurns(1500), 5);
const { card, score } = questionedModel(turns);
const quietly = (): void => undefined;
function fail(ask: string, thrown: unknown): never {
  throw new Error(`${ask} failed`, { cause: thrown });
}
const defect: ModelCard = { ...card, model: 'defect-abab', purpose: 'defect' };

describe('the questions of a card', () => {
  it('are answered by the log that it was trained on, and tell how far they are', async () => {
    const steps: TrainingProgress[] = [];
    const { questions } = await withQuestions(turns, card, score, (step) => steps.push(step), fail);
    expect(questions).toMatchObject({
      foresight: { answered: true, learnedFrom: false },
      adversaries: { answered: true },
      gaming: { answered: true, beside: 'frequency' },
    });
    expect(steps).toEqual([
      { step: 'asking whether predictions come true', done: 0, of: 3 },
      { step: 'asking who can move it', done: 1, of: 3 },
      { step: 'asking whether it would be gamed', done: 2, of: 3 },
    ]);
  });

  it('change nothing else of it, and are the same letter by letter when it is read again', async () => {
    const asked = await withQuestions(turns, card, score, quietly, fail);
    const { questions, ...rest } = asked;
    expect(questions).toBeDefined();
    expect(rest).toEqual(card);
    const text = JSON.stringify(asked);
    expect(JSON.stringify(modelCard.parse(JSON.parse(text)))).toBe(text);
    expect(JSON.stringify(await withQuestions(turns, card, score, quietly, fail))).toBe(text);
  });

  it('are answered as when they are asked again', async () => {
    const { questions } = await withQuestions(turns, card, score, quietly, fail);
    for (const ask of ['foresight', 'adversaries', 'gaming'] as const)
      expect(await askModel(turns, card, score, { ask })).toEqual(questions?.[ask]);
  });

  it('are told as not answered where one fails, and the others stay', async () => {
    const { questions: whole } = await withQuestions(turns, card, score, quietly, fail);
    const failed: string[] = [];
    const scoresTurns: TurnScorer = (own) =>
      own.some((turn) => 'event' in turn) ? score(own) : Promise.reject(new RangeError('no such place'));
    const { questions } = await withQuestions(turns, card, scoresTurns, quietly, (ask, thrown) =>
      failed.push(`${ask}: ${String(thrown)}`),
    );
    expect(failed).toEqual(['gaming: RangeError: no such place']);
    expect(questions).toEqual({
      ...whole,
      gaming: { answered: false, why: expect.stringContaining(`heed gaming ${card.model}`) as string },
    });
  });

  it('are not asked of a model of failures, which says so', async () => {
    const { questions } = await withQuestions(turns, defect, score, quietly, fail);
    const answer = {
      answered: false,
      why: 'defect-abab is a model of defect: this is asked of models of love.',
    };
    expect(questions).toEqual({ foresight: answer, adversaries: answer, gaming: answer });
    for (const ask of ['foresight', 'adversaries', 'gaming'] as const)
      expect(await askModel(turns, defect, score, { ask })).toEqual(answer);
  });
});

describe('objectives', () => {
  const question = {
    ask: 'objectives',
    prompts: [{ prompt: 'hello', candidates: [{ text: 'Here you go: hello.', rewards: {} }] }],
    weightings: [{ love: 1 }],
    constraints: [],
    beta: 0.1,
  } as const;

  it('need no log', async () => {
    expect(await askModel([], card, score, question)).toMatchObject({ prompts: 1, rows: [{ kl: 0 }] });
  });

  it('weigh love alone', async () => {
    await expect(askModel([], defect, score, question)).rejects.toMatchObject({
      code: 'model-purpose-differs',
      message: expect.stringContaining('defect-abab is a model of defect') as string,
    });
  });
});
