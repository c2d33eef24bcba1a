import { Fault } from '@heed/kernel';

/** What is called once the memory of a request is free again. */
type Release = () => void;

const nothing: Release = () => undefined;

/**
 * Bodies are held whole while their requests are worked on. This bounds what they hold together, before the first byte is read, by the
 * length that each announces. One alone is always taken; one that announces none counts nothing, for nobody knows it yet.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws Fault `queue-full` when the bodies under way leave no room for this one. */
  take(contentLength: string | undefined): Release {
    const bytes = Number(contentLength ?? 0);
    if (!(bytes > 0)) return nothing;
    if (this.#held > 0 && this.#held + bytes > this.#maxBytes) {
      throw new Fault(
        'queue-full',
        'The requests under way leave no memory for this one.',
        'Wait for the time in Retry-After and send again.',
      );
    }
    this.#held += bytes;
    let held = true;
    return () => {
      if (held) this.#held -= bytes;
      held = false;
    };
  }
}
