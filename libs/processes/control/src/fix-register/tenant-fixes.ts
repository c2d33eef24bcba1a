import {
  evolveFix,
  fixEventFromStored,
  initialFix,
  type Fix,
  type FixState,
  type StoredEvent,
} from '@heed/policies';

interface Stream {
  readonly version: number;
  readonly state: FixState;
}

const NO_STREAM: Stream = { version: 0, state: initialFix };

/**
 * All fixes of one tenant, folded from their streams. Events come in any number of portions and more than once; each counts
 * once. What happened up to the tenant's removal counts for a stream's version alone.
 */
export class TenantFixes {
  readonly removedAt: number;
  readonly #streams = new Map<string, Stream>();
  #position = 0;

  /** @param removedAt position of the tenant's last removal, 0 when it was never removed */
  constructor(removedAt: number) {
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
      const counts = event.position > this.removedAt;
      this.put(event.stream, event.version, counts ? evolveFix(state, fixEventFromStored(event)) : state);
    }
  }

  /** What this process appended itself; the store's own account of it changes nothing later. */
  put(stream: string, version: number, state: FixState): void {
    this.#streams.set(stream, { version, state });
  }

  at(stream: string): Stream {
    return this.#streams.get(stream) ?? NO_STREAM;
  }

  *all(): Generator<Fix> {
    for (const { state } of this.#streams.values()) if (state.status !== 'none') yield state;
  }
}
