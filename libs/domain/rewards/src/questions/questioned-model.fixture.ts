import { cardOf } from '../card/card-of.ts';
import type { ModelCard } from '../card/model-card.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import { FeatureReader } from '../features/feature-reader.ts';
import { scoreTurns } from '../reward-head.ts';
import { loveOrder } from '../training-run/love-turns.fixture.ts';
import { trainModel } from '../training-run/train-model.ts';
import type { TurnScorer } from './questioned-log.ts';

/** A model that was really trained on these turns, and its scores by the code that trained it. */
export function questionedModel(turns: readonly ObservedTurn[]): {
  readonly card: ModelCard;
  readonly score: TurnScorer;
} {
  const trained = trainModel(turns, loveOrder);
  const written = { sha256: 'ab'.repeat(32), bytes: 12, heedVersion: '0.1.0' };
  const reader = new FeatureReader('answer');
  return {
    card: cardOf(trained, loveOrder, written, 'love-abab'),
    score: (own) => Promise.resolve(scoreTurns(trained.head, reader.read(own))),
  };
}
