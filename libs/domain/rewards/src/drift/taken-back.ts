import type { EventId, SessionId, TurnId } from '@heed/kernel';
import type { ModelCard } from '../card/model-card.ts';
import { majorityOf } from '../exposure/majority.ts';
import type { ObservedReaction } from '../exposure/observed-turn.ts';
import type { Reading } from '../features/feature-reader.ts';
import { eventsIn } from '../training-run/event-set.ts';

type Reaction = Pick<ObservedReaction, 'event' | 'kind'>;

/** A turn of whose reactions some were taken back. */
export interface RetractedTurn {
  readonly session: SessionId;
  readonly turn: TurnId;
  /** All that are taken back now. */
  readonly retracted: readonly Reaction[];
  /** What stands of it now, as a training by either reading would observe it. */
  readonly standing: Readonly<Record<Reading, readonly Reaction[]>>;
}

/** Examples of a class that are of it no more, since reactions to them were taken back. */
export interface ClassTakenBack {
  readonly of: 'positive' | 'negative';
  /** Examples whose label is another by what stands now, or that have none. */
  readonly turns: number;
  /** Of how many at training. */
  readonly counted: number;
  /** Of the two, 0 to 1. */
  readonly share: number;
}

export interface TakenBack {
  /** Reactions behind the model that are taken back now. */
  readonly reactions: number;
  readonly classes: readonly ClassTakenBack[];
  /** Ids of those reactions whose examples are of their class no more, `MOST_NAMED` at most. */
  readonly events: readonly EventId[];
}

type WatchedCard = Pick<ModelCard, 'exposure' | 'counts' | 'features' | 'events'>;

const MOST_NAMED = 1000;

/**
 * Tells what was learned from and holds no more.
 *
 * What one turn alone tells is exact; what the whole log would is left out: whatever stands counts, be it beyond the caps, and whoever is silent about a turn
 * still counts as somebody who reacts. Where what stands is of another answer to the turn, its label is held against that of the one learned from. One reaction in
 * 100 000 that was not learned from is taken for one that was, where the card has a digest.
 */
export class TakenBackTally {
  readonly #card: WatchedCard;
  readonly #isBehind: (id: string) => boolean;
  readonly #turns = { positive: new Set<string>(), negative: new Set<string>() };
  readonly #reactions = new Set<EventId>();
  readonly #named = new Set<EventId>();

  constructor(card: WatchedCard) {
    this.#card = card;
    this.#isBehind = eventsIn(card.events);
  }

  /** Turns of which any reactions are taken back, whether learned from or not. The same again changes nothing. */
  take(turns: readonly RetractedTurn[]): void {
    for (const { session, turn, retracted, standing } of turns) {
      const behind = retracted.filter(({ event }) => this.#isBehind(event));
      if (behind.length === 0) continue;
      for (const { event } of behind) this.#reactions.add(event);
      // Behind a model are the reactions that made the label, not those that they outvoted.
      const before = this.#labelBy(behind);
      if (before === null) continue;
      if (this.#labelBy(standing[this.#card.features.reading]) === before) continue;
      this.#turns[before === 1 ? 'positive' : 'negative'].add(JSON.stringify([session, turn]));
      for (const { event } of behind) this.#named.add(event);
    }
  }

  result(): TakenBack {
    const { positives, negatives } = this.#card.counts;
    return {
      reactions: this.#reactions.size,
      classes: [
        classOf('positive', this.#turns.positive.size, positives),
        classOf('negative', this.#turns.negative.size, negatives),
      ],
      events: [...this.#named].sort().slice(0, MOST_NAMED),
    };
  }

  /** Null: no example. What nobody loved is a negative of a model that was told of no negative kinds. */
  #labelBy(reactions: readonly Reaction[]): 0 | 1 | null {
    const { exposure } = this.#card;
    const majority = majorityOf(reactions, exposure);
    if (majority === 'torn') return null;
    return majority?.label ?? (exposure.negative.length === 0 ? 0 : null);
  }
}

function classOf(of: ClassTakenBack['of'], turns: number, counted: number): ClassTakenBack {
  return { of, turns, counted, share: counted === 0 ? 0 : turns / counted };
}
