import { Fault } from '@heed/kernel';

/** What one request holds of the budget. */
export interface BodyLease {
  /** Throws Fault `queue-full` when the bodies under way leave no room for that many bytes more. */
  hold(bytes: number): void;
  /** All of it is free again; saying it twice does nothing. */
  release(): void;
}

/**
 * Bodies are held whole while their requests are worked on. This bounds what they hold together: the bytes that have come, and those they
 * unfold to. What is only announced counts nothing, or a few requests that never send would keep out all others.
 * One request alone is always given room.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Throws Fault `queue-full` when there is no room now for what is announced: its bytes need not be sent in vain. */
  lease(announcedBytes: number): BodyLease {
    let mine = 0;
    let released = false;
    const refuseBeyond = (bytes: number): void => {
      const others = this.#held - mine;
      if (others > 0 && this.#held + bytes > this.#maxBytes) throw full();
    };
    if (announcedBytes > 0) refuseBeyond(announcedBytes);
    return {
      hold: (bytes) => {
        // The request is over, and what it still reads is given up with it.
        if (released) return;
        refuseBeyond(bytes);
        mine += bytes;
        this.#held += bytes;
      },
      release: () => {
        released = true;
        this.#held -= mine;
        mine = 0;
      },
    };
  }
}

function full(): Fault {
  return new Fault(
    'queue-full',
    'The requests under way leave no memory for this one.',
    'Wait for the time in Retry-After and send again.',
  );
}
