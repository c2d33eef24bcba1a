import type {
  DriftReport,
  LaterFigures,
  ModelAnswer,
  ModelCard,
  ModelQuestion,
  ObservedTurn,
  TrainingOrder,
  TrainingProgress,
  WrittenModel,
} from '@heed/rewards';

/** What a training thread is begun with. */
export type TrainingWork =
  | {
      readonly kind: 'train';
      readonly order: TrainingOrder;
      readonly heedVersion: string;
      readonly encoders: readonly string[];
    }
  | { readonly kind: 'evaluate'; readonly model: WrittenModel; readonly encoders: readonly string[] }
  | { readonly kind: 'drift'; readonly model: WrittenModel; readonly encoders: readonly string[] }
  | {
      readonly kind: 'ask';
      readonly model: WrittenModel;
      readonly question: ModelQuestion;
      readonly encoders: readonly string[];
    };

/** To the thread: turns, each answered by `taken`, and that they were all. */
export type ToThread = { readonly turns: readonly ObservedTurn[] } | { readonly end: true };

/** From the thread. The last message is a result or a fault; of a training it is the card, the model having come before the questions that the card tells of were asked. */
export type FromThread =
  | { readonly kind: 'taken' }
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'written'; readonly model: WrittenModel }
  | { readonly kind: 'trained'; readonly card: ModelCard }
  | { readonly kind: 'evaluated'; readonly figures: LaterFigures }
  | { readonly kind: 'drifted'; readonly report: DriftReport }
  | { readonly kind: 'asked'; readonly answer: ModelAnswer }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string; readonly remedy: string };
