import type { SeededRandom } from '@heed/kernel';

/** One fault and the mending of it. */
export interface Fault {
  readonly name: string;
  /** So many more events are let through while it strikes, even when the next fault is due: it needs them. */
  readonly needsEvents?: number;
  /** Resolves when what was broken is whole again. May ask how many events have been acknowledged by now. */
  strike(acknowledged: () => number): Promise<void>;
}

/**
 * Faults at acknowledgements that the random source picks among the first `events`: by count and not by the clock, so that a seed strikes
 * at the same places of its load on a slow machine and on a fast one. One at a time: the senders wait where the next one is due and
 * the one before it is not mended yet.
 */
export class Strikes {
  /** What strikes when, in words. */
  readonly plan: readonly string[];
  readonly #due: { readonly fault: Fault; readonly at: number }[];
  #acknowledged = 0;
  #striking: { readonly holdsFrom: number; readonly mended: Promise<void> } | undefined;
  #failed: Error | undefined;

  constructor(random: SeededRandom, events: number, faults: readonly Fault[]) {
    this.#due = faults.map((fault) => ({ fault, at: 1 + random.below(events) })).sort((a, b) => a.at - b.at);
    this.plan = this.#due.map(({ fault, at }) => `${fault.name} at ${at}`);
  }

  /** Told how many events have been acknowledged; strikes when it is time. */
  acknowledged(events: number): void {
    this.#acknowledged = events;
    this.#strikeIfDue();
  }

  /** Resolves when a sender may send. Throws what a fault threw. */
  async turn(): Promise<void> {
    while (this.#striking !== undefined && this.#isNextDue && this.#acknowledged >= this.#striking.holdsFrom)
      await this.#striking.mended;
    if (this.#failed !== undefined) throw this.#failed;
  }

  /** Resolves when everything that was to strike has, and is mended. Throws what a fault threw. */
  async done(): Promise<void> {
    while (this.#striking !== undefined) await this.#striking.mended;
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#due.length > 0) throw new Error(`${this.#due.length} faults never struck`);
  }

  get #isNextDue(): boolean {
    const [next] = this.#due;
    return next !== undefined && next.at <= this.#acknowledged;
  }

  #strikeIfDue(): void {
    if (this.#striking !== undefined || !this.#isNextDue || this.#failed !== undefined) return;
    const fault = this.#due.shift()?.fault;
    if (fault === undefined) return;
    const holdsFrom = this.#acknowledged + (fault.needsEvents ?? 0);
    this.#striking = { holdsFrom, mended: this.#strike(fault) };
  }

  async #strike(fault: Fault): Promise<void> {
    try {
      await fault.strike(() => this.#acknowledged);
    } catch (thrown) {
      this.#failed = new Error(`not mended: ${fault.name}`, { cause: thrown });
    }
    this.#striking = undefined;
    this.#strikeIfDue();
  }
}
