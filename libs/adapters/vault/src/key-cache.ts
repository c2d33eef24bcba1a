import type { DataSubject } from '@heed/events';
import type { SealingKey } from './subject-key.ts';

export interface CachedKey {
  readonly key: SealingKey;
  readonly sinceMs: number;
}

/**
 * The live keys that were used last, so many at most. In two generations: what is used goes into the young one, and when that is full it becomes the old one
 * and what was in the old one is gone. To find a key that was used lately, as is done for every event, changes nothing.
 */
export class KeyCache {
  readonly #most: number;
  #young = new Map<string, CachedKey>();
  #old = new Map<string, CachedKey>();
  /** Whose key it is, by the key's id: of the keys in either generation. */
  readonly #names = new Map<string, string>();

  constructor(most: number) {
    this.#most = most;
  }

  find(subject: DataSubject): CachedKey | undefined {
    const name = nameOf(subject);
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old !== undefined) this.#put(name, old);
    return old;
  }

  add(subject: DataSubject, cached: CachedKey): void {
    this.#put(nameOf(subject), cached);
  }

  /** Those of these keys that it holds. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      const name = this.#names.get(id);
      if (name !== undefined) this.#remove(name);
    }
  }

  #put(name: string, cached: CachedKey): void {
    this.#remove(name);
    this.#young.set(name, cached);
    this.#names.set(cached.key.id, name);
    if (this.#young.size * 2 < this.#most) return;
    for (const { key } of this.#old.values()) this.#names.delete(key.id);
    this.#old = this.#young;
    this.#young = new Map();
  }

  #remove(name: string): void {
    for (const generation of [this.#young, this.#old]) {
      const cached = generation.get(name);
      if (cached === undefined) continue;
      generation.delete(name);
      this.#names.delete(cached.key.id);
    }
  }
}

function nameOf({ kind, tenant, id }: DataSubject): string {
  return `${kind}\0${tenant}\0${id}`;
}
