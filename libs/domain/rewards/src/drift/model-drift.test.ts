import { describe, expect, it } from 'vitest';
import { cardOf } from '../card/card-of.ts';
import { FeatureReader, type ReadableTurn } from '../features/feature-reader.ts';
import { scoreTurns, type Scores } from '../reward-head.ts';
import { loveOrder, loveTurns } from '../training-run/love-turns.fixture.ts';
import { trainModel } from '../training-run/train-model.ts';
import { turnsDrift } from './model-drift.ts';
import { watchedTurns } from './reference.ts';

const turns = loveTurns(2000);
const trained = trainModel(turns, loveOrder);
const written = { sha256: 'ab', bytes: 2, heedVersion: '1' };
const card = cardOf(trained, loveOrder, written, 'love-ab');
const later = loveTurns(600, { startMs: Date.UTC(2026, 6, 1), name: 'later' });
const score = (some: readonly ReadableTurn[]): Promise<Scores> =>
  // As a written graph has them: single precision.
  Promise.resolve(scoreTurns(trained.head, new FeatureReader('answer').read(some))).then(
    ({ logits, probabilities }) => ({ logits: logits.map(Math.fround), probabilities }),
  );

describe('turns held against those of the training window', () => {
  it('are told from the last part, which the model was not fitted on, in as many bins as the card has room for', () => {
    expect(card.reference?.turns).toBe(trained.parts.test.length);
    const names = ['score', 'unseen grams', ...card.features.numbers];
    expect(card.reference?.numbers.map(({ name }) => name)).toEqual(names);
    expect(JSON.stringify(card.reference).length).toBeLessThan(60_000);
    for (const { counts } of card.reference?.numbers ?? [])
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  });

  it('have not drifted while they are of the same kind', async () => {
    expect(await turnsDrift(later, card, score)).toMatchObject({ verdict: 'fresh', tooFew: [] });
  });

  it('have drifted once their words, or what is thought of them, or their places are others', async () => {
    const movedBy = async (change: (turn: (typeof later)[number]) => object): Promise<readonly string[]> => {
      const changed = later.map((turn) => ({ ...turn, ...change(turn) }));
      const { rows } = await turnsDrift(changed, card, score);
      return rows.filter(({ isStale }) => isStale).map(({ name }) => name);
    };
    expect(await movedBy(() => ({ response: 'Guten Tag, das war alles.' }))).toContain('unseen grams');
    expect(await movedBy(({ response }) => ({ response: response.replace('Sorry, no', 'Sure') }))).toContain(
      'score',
    );
    expect(await movedBy(() => ({ surface: 'kitchen' }))).toEqual(['surface']);
  });

  it('cannot be told apart where they are few, or where the card is of an earlier Heed', async () => {
    expect(await turnsDrift(later.slice(0, 99), card, score)).toMatchObject({ verdict: 'cannot be told' });
    expect(await turnsDrift([], card, score)).toMatchObject({ verdict: 'cannot be told' });
    const old = { features: card.features };
    expect((await turnsDrift(later, old, score)).says).toContain('Train it again');
  });

  it('are answered ones, taken evenly in time whatever order they came in', () => {
    const silent = turns.map((turn, n) => (n % 2 === 0 ? { ...turn, response: '' } : turn));
    const watched = watchedTurns(silent.toReversed(), () => true, 250);
    expect(watched).toHaveLength(250);
    expect(watched.map(({ event }) => event)).toEqual(
      silent.filter((_, n) => n % 8 === 1).map(({ event }) => event),
    );
  });
});
