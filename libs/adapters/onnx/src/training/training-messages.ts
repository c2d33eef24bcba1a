import type {
  LaterFigures,
  ObservedTurn,
  TrainingOrder,
  TrainingProgress,
  WrittenModel,
} from '@heed/rewards';

/** What a training thread is begun with. */
export type TrainingWork =
  | { readonly kind: 'train'; readonly order: TrainingOrder; readonly heedVersion: string }
  | { readonly kind: 'evaluate'; readonly model: WrittenModel };

/** To the thread: turns, each answered by `taken`, and that they were all. */
export type ToThread = { readonly turns: readonly ObservedTurn[] } | { readonly end: true };

/** From the thread. The last message is a result or a fault. */
export type FromThread =
  | { readonly kind: 'taken' }
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly model: WrittenModel }
  | { readonly kind: 'evaluated'; readonly figures: LaterFigures }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string; readonly remedy: string };
