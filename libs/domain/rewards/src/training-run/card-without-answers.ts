import { modelCard, type ModelCard } from '../card/model-card.ts';

/** The card of a model that nobody came to ask the honest questions of: the model is whole, and may be asked later. */
export function cardWithoutAnswers(card: ModelCard, why: string): ModelCard {
  const unanswered = (ask: string) => ({
    answered: false as const,
    why: `${why} The model is whole. Ask again: heed ${ask} ${card.model}.`,
  });
  const questions = {
    foresight: unanswered('foresight'),
    adversaries: unanswered('adversaries'),
    gaming: unanswered('gaming'),
  };
  // In the order that a card has when it is read again: its hash stays.
  return modelCard.parse({ ...card, questions });
}
