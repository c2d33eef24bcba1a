import type { StoredEvent } from '@heed/policies';
import type { Aggregate } from './aggregate.ts';

interface Stream<State> {
  readonly version: number;
  readonly state: State;
}

/**
 * All aggregates of a kind of one tenant, folded from their streams. Events come in any number of portions and more than once;
 * each counts once. What happened up to the tenant's removal counts for a stream's version alone.
 */
export class TenantStreams<State, Event> {
  readonly removedAt: number;
  readonly #aggregate: Pick<
    Aggregate<State, never, Event, never>,
    'initial' | 'founds' | 'evolve' | 'fromStored'
  >;
  readonly #streams = new Map<string, Stream<State>>();
  #position = 0;

  /** @param removedAt position of the tenant's last removal, 0 when it was never removed */
  constructor(
    aggregate: Pick<Aggregate<State, never, Event, never>, 'initial' | 'founds' | 'evolve' | 'fromStored'>,
    removedAt: number,
  ) {
    this.#aggregate = aggregate;
    this.removedAt = removedAt;
  }

  /** Position of the newest event taken in. */
  get position(): number {
    return this.#position;
  }

  takeIn(events: readonly StoredEvent[]): void {
    for (const event of events) {
      this.#position = Math.max(this.#position, event.position);
      const { version, state } = this.at(event.stream);
      if (event.version <= version) continue;
      this.put(event.stream, event.version, this.#after(state, event));
    }
  }

  #after(state: State, stored: StoredEvent): State {
    const { initial, founds, evolve, fromStored } = this.#aggregate;
    if (stored.position <= this.removedAt) return state;
    const event = fromStored(stored);
    // Decided before the removal and recorded after it, about what is not there any more.
    const late = this.removedAt > 0 && state === initial && !founds(event);
    return late ? state : evolve(state, event);
  }

  /** What this process appended itself; the store's own account of it changes nothing later. */
  put(stream: string, version: number, state: State): void {
    this.#streams.set(stream, { version, state });
  }

  at(stream: string): Stream<State> {
    return this.#streams.get(stream) ?? { version: 0, state: this.#aggregate.initial };
  }

  *all(): Generator<State> {
    for (const { state } of this.#streams.values()) yield state;
  }
}
