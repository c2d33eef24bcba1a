import type { EventId, SessionId, TurnId } from '@heed/kernel';
import type { ModelCard } from '../card/model-card.ts';
import { eventsIn } from '../training-run/event-set.ts';

/** A reaction that its user took back. */
export interface RetractedReaction {
  readonly event: EventId;
  readonly kind: string;
  readonly session: SessionId;
  readonly turn: TurnId;
}

/** Examples of a class whose reactions were taken back since. */
export interface ClassTakenBack {
  readonly of: 'positive' | 'negative';
  /** Examples of which at least one reaction that made them so is gone. */
  readonly turns: number;
  /** Of how many at training. */
  readonly counted: number;
  /** Of the two, 0 to 1. */
  readonly share: number;
}

export interface TakenBack {
  /** Reactions behind the model that are taken back now. */
  readonly reactions: number;
  /** Negatives only where kinds of reaction made them: silence cannot be taken back. */
  readonly classes: readonly ClassTakenBack[];
  /** Ids of the reactions, `MOST_NAMED` at most. */
  readonly events: readonly EventId[];
}

const MOST_NAMED = 1000;

/** Tells what was learned from and holds no more. One reaction in 100 000 that was not learned from is taken for one, where the card has a digest. */
export class TakenBackTally {
  readonly #card: Pick<ModelCard, 'exposure' | 'counts'>;
  readonly #isBehind: (id: string) => boolean;
  readonly #turns = { positive: new Set<string>(), negative: new Set<string>() };
  readonly #events = new Set<EventId>();

  constructor(card: Pick<ModelCard, 'exposure' | 'counts' | 'events'>) {
    this.#card = card;
    this.#isBehind = eventsIn(card.events);
  }

  /** Reactions that are taken back now, whether learned from or not. The same again changes nothing. */
  take(retracted: readonly RetractedReaction[]): void {
    const { positive, negative } = this.#card.exposure;
    for (const { event, kind, session, turn } of retracted) {
      if (!this.#isBehind(event)) continue;
      this.#events.add(event);
      const example = JSON.stringify([session, turn]);
      if (positive.includes(kind)) this.#turns.positive.add(example);
      if (negative.includes(kind)) this.#turns.negative.add(example);
    }
  }

  result(): TakenBack {
    const { counts, exposure } = this.#card;
    const classes = [classOf('positive', this.#turns.positive.size, counts.positives)];
    if (exposure.negative.length > 0)
      classes.push(classOf('negative', this.#turns.negative.size, counts.negatives));
    return {
      reactions: this.#events.size,
      classes,
      events: [...this.#events].sort().slice(0, MOST_NAMED),
    };
  }
}

function classOf(of: ClassTakenBack['of'], turns: number, counted: number): ClassTakenBack {
  return { of, turns, counted, share: counted === 0 ? 0 : turns / counted };
}
