import { textsOf, type AnsweredTurn } from '../answered-turn.ts';
import { wordsInOrder } from '../gaming/spoken-answer.ts';

/** What was asked, without case and signs: the same words are the same prompt. */
export function requestInWords(turn: AnsweredTurn): string {
  return wordsInOrder(textsOf(turn).request).join(' ');
}
