import type { OutboxEntry, OutboxLimits, OutboxStorage } from './outbox-storage.ts';
import type { OnProblem } from './problem.ts';

export interface OwnEventsOptions {
  readonly storage: OutboxStorage;
  readonly limits: OutboxLimits;
  readonly onProblem: OnProblem;
}

interface Saved {
  readonly entry: OutboxEntry;
  /** When it was saved, counted in saves. */
  readonly save: number;
}

/**
 * What this page said and has not heard of, at hand without waiting: a page that ends has no time to read its storage. Writes it to
 * the storage, what comes while one write runs together with the next.
 */
export class OwnEvents {
  readonly #options: OwnEventsOptions;
  readonly #saved = new Map<number, Saved>();
  /** Handed to the browser once already. */
  readonly #left = new WeakSet<OutboxEntry>();
  #unsaved: OutboxEntry[] = [];
  #beingSaved: readonly OutboxEntry[] = [];
  #bytes = 0;
  #saves = 0;
  #saving: Promise<void> | undefined;

  constructor(options: OwnEventsOptions) {
    this.#options = options;
  }

  get unsaved(): number {
    return this.#unsaved.length + this.#beingSaved.length;
  }

  get waiting(): number {
    return this.unsaved + this.#saved.size;
  }

  /** Resolves when it is saved; null when there is no room, which is told. */
  add(entry: OutboxEntry): Promise<void> | null {
    const { maxEntries, maxBytes } = this.#options.limits;
    if (this.waiting >= maxEntries || this.#bytes + entry.bytes > maxBytes) {
      this.#refuse(entry);
      return null;
    }
    this.#unsaved.push(entry);
    this.#bytes += entry.bytes;
    return (this.#saving ??= this.#save());
  }

  saved(): Promise<void> {
    return this.#saving ?? Promise.resolve();
  }

  /** A moment, for `confirmBefore`. */
  mark(): number {
    return this.#saves;
  }

  /** What was saved by that moment under a smaller key than the first in the storage is there no more: another page sent it. */
  confirmBefore(firstKey: number, mark: number): void {
    for (const [key, { save }] of this.#saved) if (save <= mark && key < firstKey) this.#forget(key);
  }

  confirm(entries: readonly { readonly key: number }[]): void {
    for (const { key } of entries) this.#forget(key);
  }

  /** Offers what was not offered before, in order; `hand` answers with what was taken. */
  leave(hand: (entries: readonly OutboxEntry[]) => readonly OutboxEntry[]): void {
    const waiting = [...this.#saved.values()]
      .map(({ entry }) => entry)
      .concat(this.#beingSaved, this.#unsaved);
    for (const entry of hand(waiting.filter((each) => !this.#left.has(each)))) this.#left.add(entry);
  }

  async #save(): Promise<void> {
    while (this.#unsaved.length > 0) {
      this.#beingSaved = this.#unsaved;
      this.#unsaved = [];
      const keys = await this.#options.storage.add(this.#beingSaved);
      this.#saves++;
      for (const [i, entry] of this.#beingSaved.entries()) {
        const key = keys[i] ?? null;
        if (key !== null) this.#saved.set(key, { entry, save: this.#saves });
        else {
          this.#bytes -= entry.bytes;
          this.#refuse(entry);
        }
      }
      this.#beingSaved = [];
    }
    this.#saving = undefined;
  }

  #forget(key: number): void {
    this.#bytes -= this.#saved.get(key)?.entry.bytes ?? 0;
    this.#saved.delete(key);
  }

  #refuse({ id }: OutboxEntry): void {
    const { maxEntries, maxBytes } = this.#options.limits;
    this.#options.onProblem({
      code: 'outbox-full',
      message: `Event ${id} is not taken: with it more than ${maxEntries} events or ${maxBytes} bytes would wait. Check that Heed can be reached, or raise 'capacity' or 'capacityBytes'.`,
    });
  }
}
