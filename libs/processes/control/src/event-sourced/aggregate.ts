import type { Result } from '@heed/kernel';
import type { NewStoredEvent } from '@heed/policies';

/** An aggregate of the domain with the shape its events are stored in: all that a register needs to keep it. */
export interface Aggregate<State, Command, Event, Refusal> {
  /** What its streams begin with: KIND/TENANT/ID. */
  readonly kind: string;
  readonly initial: State;
  readonly decide: (command: Command, state: State) => Result<readonly Event[], Refusal>;
  /** Whether it begins something: the first event of every stream does. */
  readonly founds: (event: Event) => boolean;
  readonly evolve: (state: State, event: Event) => State;
  readonly toStored: (event: Event) => NewStoredEvent;
  readonly fromStored: (event: NewStoredEvent) => Event;
}
