import type { LaterFigures, ModelCard } from '../card/model-card.ts';
import type { ObservedTurn } from '../exposure/observed-turn.ts';
import type { ModelAnswer } from '../questions/model-answers.ts';
import type { ModelQuestion } from '../questions/model-question.ts';
import type { TrainingOrder, TrainingProgress } from './training-order.ts';

export interface WrittenModel {
  readonly card: ModelCard;
  /** The ONNX file. */
  readonly file: Uint8Array<ArrayBuffer>;
}

export interface TrainingWatch {
  readonly progress: (progress: TrainingProgress) => void;
  /** Ends the work, which rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Port: does the long work of training and judging beside whoever asks, who meanwhile stays free. */
export interface RewardTrainer {
  train(
    turns: AsyncIterable<readonly ObservedTurn[]>,
    order: TrainingOrder,
    watch: TrainingWatch,
  ): Promise<WrittenModel>;
  /** On turns that came after those the model rests on. */
  evaluate(
    turns: AsyncIterable<readonly ObservedTurn[]>,
    model: WrittenModel,
    watch: TrainingWatch,
  ): Promise<LaterFigures>;
  /** What its figures cannot say. */
  ask(
    turns: AsyncIterable<readonly ObservedTurn[]>,
    model: WrittenModel,
    question: ModelQuestion,
    watch: TrainingWatch,
  ): Promise<ModelAnswer>;
}
