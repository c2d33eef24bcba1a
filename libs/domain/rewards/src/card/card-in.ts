import { Fault } from '@heed/kernel';
import { modelCard, type ModelCard } from './model-card.ts';

/**
 * The card that a text holds.
 *
 * @param where what messages call the text
 * @throws Fault `model-card-damaged`
 */
export function cardIn(text: string, where: string): ModelCard {
  try {
    return modelCard.parse(JSON.parse(text));
  } catch (cause) {
    throw new Fault('model-card-damaged', `${where} is no card of a model.`, 'Train the model again.', {
      cause,
    });
  }
}
