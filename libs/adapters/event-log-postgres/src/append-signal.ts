/** Wakes the readers of this process as soon as something was appended; those of other processes find it by asking. */
export class AppendSignal {
  #wake = Promise.withResolvers<undefined>();

  appended(): void {
    const wake = this.#wake;
    this.#wake = Promise.withResolvers();
    wake.resolve(undefined);
  }

  /** Take it before reading and wait for it after reading nothing: what is appended in between is not slept through. */
  next(): Promise<undefined> {
    return this.#wake.promise;
  }
}
