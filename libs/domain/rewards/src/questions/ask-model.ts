import { Fault } from '@heed/kernel';
import { modelCard, type ModelCard } from '../card/model-card.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { TrainingProgress } from '../training-run/training-order.ts';
import { askAdversaries } from './ask-adversaries.ts';
import { askForesight } from './ask-foresight.ts';
import { askGaming } from './ask-gaming.ts';
import { askObjectives } from './ask-objectives.ts';
import type { CardQuestions, ModelAnswer } from './model-answers.ts';
import type { ModelQuestion } from './model-question.ts';
import { questionedLog, type TurnScorer } from './questioned-log.ts';

/**
 * One question about a model of love. Throws the Faults of the questions.
 *
 * @param turns all of the log; none are needed where the question brings its own answers
 */
export async function askModel(
  turns: readonly ObservedTurn[],
  card: ModelCard,
  score: TurnScorer,
  question: ModelQuestion,
): Promise<ModelAnswer> {
  if (question.ask === 'objectives') {
    if (card.purpose !== 'love')
      throw new Fault('model-purpose-differs', notOf(card).why, 'Name a model that `heed train love` wrote.');
    return askObjectives(question, score);
  }
  if (card.purpose !== 'love') return notOf(card);
  if (question.ask === 'gaming') return askGaming({ turns }, card, score, question);
  const log = questionedLog(turns, card);
  if (question.ask === 'foresight') return askForesight(log, score, question.answers);
  return askAdversaries(log, card, question);
}

/**
 * The card with what it says beyond the figures: the questions that its own log can answer. One that fails by a mistake of ours is told as not answered, and
 * `failed` is told what was thrown: the model is finished, and as good without it.
 */
export async function withQuestions(
  turns: readonly ObservedTurn[],
  card: ModelCard,
  score: TurnScorer,
  progress: (progress: TrainingProgress) => void,
  failed: (ask: keyof CardQuestions, thrown: unknown) => void,
): Promise<ModelCard> {
  // In the order that a card has when it is read again: its hash stays.
  const withAnswers = (questions: CardQuestions): ModelCard => modelCard.parse({ ...card, questions });
  if (card.purpose !== 'love')
    return withAnswers({ foresight: notOf(card), adversaries: notOf(card), gaming: notOf(card) });
  const step = (name: string, done: number): void => progress({ step: name, done, of: 3 });
  const answerTo = async <Ask extends keyof CardQuestions>(
    ask: Ask,
    answer: () => Promise<CardQuestions[Ask]> | CardQuestions[Ask],
  ): Promise<CardQuestions[Ask] | Unanswered> => {
    try {
      return await answer();
    } catch (thrown) {
      failed(ask, thrown);
      return {
        answered: false,
        why: `The question failed by a mistake of Heed's own, which its log names; the model is whole. Ask again: heed ${ask} ${card.model}.`,
      };
    }
  };
  step('asking whether predictions come true', 0);
  const foresight = await answerTo('foresight', () => askForesight(questionedLog(turns, card), score));
  step('asking who can move it', 1);
  const adversaries = await answerTo('adversaries', () => askAdversaries(questionedLog(turns, card), card));
  step('asking whether it would be gamed', 2);
  const gaming = await answerTo('gaming', () => askGaming({ turns }, card, score));
  return withAnswers({ foresight, adversaries, gaming });
}

interface Unanswered {
  readonly answered: false;
  readonly why: string;
}

function notOf({ model, purpose }: ModelCard): Unanswered {
  return { answered: false, why: `${model} is a model of ${purpose}: this is asked of models of love.` };
}
