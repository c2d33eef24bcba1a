import { eventsIn } from '../training-run/event-set.ts';
import type { ModelCard } from './model-card.ts';

/** What a model rests on, by its card. */
export function groundsOf({
  events,
  window,
  trainedAt,
}: Pick<ModelCard, 'events' | 'window' | 'trainedAt'>): {
  /** Whether an event stands behind it; of others one in 100 000 is taken for one that does. */
  readonly restsOn: (event: string) => boolean;
  /** When its earliest example happened. */
  readonly fromMs: number;
  /** When its training was asked for. */
  readonly trainedAtMs: number;
} {
  return {
    restsOn: eventsIn(events),
    fromMs: Date.parse(window.from),
    trainedAtMs: Date.parse(trainedAt),
  };
}
