import { userId } from '@heed/kernel';
import { expect, it } from 'vitest';
import { cardOf } from '../card/card-of.ts';
import { FeatureReader, type ReadableTurn } from '../features/feature-reader.ts';
import { scoreTurns, type Scores } from '../reward-head.ts';
import { evaluateModel } from './evaluate-model.ts';
import { loveOrder, loveTurns } from './love-turns.fixture.ts';
import { trainModel } from './train-model.ts';

const turns = loveTurns(1000);
/** By rules that cap nobody: every turn is an example. */
const order = { ...loveOrder, rules: { ...loveOrder.rules, userLeast: 1000 } };
const trained = trainModel(turns, order);
const card = cardOf(trained, order, { sha256: 'ab', bytes: 2, heedVersion: '1' }, 'love-ab');
const later = loveTurns(300, { startMs: Date.UTC(2026, 6, 1), name: 'later' });
const reader = new FeatureReader('answer');
const score = (some: readonly ReadableTurn[]): Promise<Scores> =>
  Promise.resolve(scoreTurns(trained.head, reader.read(some)));

it('judges a model on the turns that it was not trained on, and counts those that it was', async () => {
  const figures = await evaluateModel([...later, ...turns], card, false, score);
  expect(figures).toMatchObject({ model: 'love-ab', n: 300, trainedOn: 1000 });
  expect(figures.auroc).toBeGreaterThan(0.9);
  const { auroc, logLoss } = await evaluateModel(later, card, false, score);
  expect([auroc, logLoss]).toEqual([figures.auroc, figures.logLoss]);
});

it('on later turns only, where it is asked to', async () => {
  const between = loveTurns(100, { name: 'between' });
  expect(await evaluateModel([...between, ...later], card, false, score)).toMatchObject({ n: 400 });
  expect(await evaluateModel([...between, ...later], card, true, score)).toMatchObject({ n: 300 });
});

it('leaves out later turns of sessions that it was trained on, and counts them', async () => {
  const [first] = turns;
  const goesOn = later.map((turn, n) => (n < 40 && first ? { ...turn, session: first.session } : turn));
  for (const isLater of [true, false])
    expect(await evaluateModel([...turns, ...goesOn], card, isLater, score)).toMatchObject({
      ...{ n: 260, trainedOn: 1000, straddling: 40 },
    });
  expect(await evaluateModel(later, card, true, score)).toMatchObject({ straddling: 0 });
});

it('knows from the turns that it was trained on who reacts', async () => {
  const byLove = { ...card, exposure: { ...card.exposure, negative: [] } };
  const quiet = later.map((turn, n) => (n < 40 ? { ...turn, user: userId('quiet'), reactions: [] } : turn));
  const { n } = await evaluateModel(quiet, byLove, true, score);
  const reacted = turns.map((turn, at) => (at === 0 ? { ...turn, user: userId('quiet') } : turn));
  expect(await evaluateModel([...reacted, ...quiet], byLove, true, score)).toMatchObject({ n: n + 40 });
});

it('says that there is nothing to judge by, and since when', async () => {
  await expect(evaluateModel(turns, card, true, score)).rejects.toMatchObject({
    code: 'evaluation-nothing',
    message: expect.stringContaining(`No turn after ${card.window.to}`) as string,
  });
  const loved = later.filter(({ reactions }) => reactions[0]?.kind === 'love');
  await expect(evaluateModel(loved, card, true, score)).rejects.toMatchObject({
    message: expect.stringMatching(/^All \d+ examples after .* are positive/) as string,
  });
});
