/** Wakes the readers of this process as soon as something was appended; those of other processes find it by asking. */
export class AppendSignal {
  #appends = 0;
  readonly #sleepers = new Set<() => void>();

  /** Take it before reading and wait beyond it after reading nothing: what is appended in between is not slept through. */
  get appends(): number {
    return this.#appends;
  }

  /** How many wait now. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  appended(): void {
    this.#appends += 1;
    for (const wake of this.#sleepers) wake();
  }

  /** Resolves when something was appended after `seen`, after `ms`, or at the abort, whichever comes first. Leaves nothing behind. */
  async beyond(seen: number, ms: number, abort: AbortSignal): Promise<void> {
    if (abort.aborted || this.#appends > seen) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    const timer = setTimeout(wake, ms);
    abort.addEventListener('abort', wake, { once: true });
    this.#sleepers.add(wake);
    await promise;
    clearTimeout(timer);
    abort.removeEventListener('abort', wake);
    this.#sleepers.delete(wake);
  }
}
