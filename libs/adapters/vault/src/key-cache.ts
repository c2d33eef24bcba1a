import type { DataSubject } from '@heed/events';
import type { SubjectKey } from './subject-key.ts';

export interface CachedKey {
  readonly key: SubjectKey;
  readonly sinceMs: number;
}

/** The live keys that were used last, so many at most. */
export class KeyCache {
  readonly #most: number;
  readonly #keys = new Map<string, CachedKey>();
  readonly #names = new Map<string, string>();

  constructor(most: number) {
    this.#most = most;
  }

  find(subject: DataSubject): CachedKey | undefined {
    const name = nameOf(subject);
    const found = this.#keys.get(name);
    if (found !== undefined) {
      this.#keys.delete(name);
      this.#keys.set(name, found);
    }
    return found;
  }

  add(subject: DataSubject, cached: CachedKey): void {
    const name = nameOf(subject);
    this.#forget(name);
    this.#keys.set(name, cached);
    this.#names.set(cached.key.id, name);
    if (this.#keys.size <= this.#most) return;
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined) this.#forget(oldest);
  }

  /** Those of these keys that it holds. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) {
      const name = this.#names.get(id);
      if (name !== undefined) this.#forget(name);
    }
  }

  #forget(name: string): void {
    const cached = this.#keys.get(name);
    if (cached === undefined) return;
    this.#keys.delete(name);
    this.#names.delete(cached.key.id);
  }
}

function nameOf({ kind, tenant, id }: DataSubject): string {
  return `${kind}\0${tenant}\0${id}`;
}
