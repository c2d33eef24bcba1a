/**
 * What was kept or asked for last under so many names; what was asked for longest ago goes first. For what can be made again: a name
 * that anybody may say must not stay in memory because somebody said it once.
 */
export class MostRecent<Name, Value> {
  readonly #most: number;
  readonly #values = new Map<Name, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(name: Name): Value | undefined {
    const value = this.#values.get(name);
    if (value !== undefined) this.set(name, value);
    return value;
  }

  set(name: Name, value: Value): void {
    this.#values.delete(name);
    this.#values.set(name, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#most) return;
      this.#values.delete(oldest);
    }
  }

  names(): Iterable<Name> {
    return this.#values.keys();
  }
}

/** Tenants whose fixes and bundles a process holds. */
export const TENANTS_HELD = 10_000;
