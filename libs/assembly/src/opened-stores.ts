interface Closes {
  close(): Promise<void>;
}

/** What was opened, to be closed together: the last one first, since it may stand on those before it. */
export class OpenedStores {
  readonly #stores: Closes[] = [];

  keep<Store extends Closes>(store: Store): Store {
    this.#stores.unshift(store);
    return store;
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
  }
}
