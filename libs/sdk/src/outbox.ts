import type { OutboxLock } from './outbox-lock.ts';
import {
  listOf,
  type BatchBounds,
  type KeptEntry,
  type OutboxEntry,
  type OutboxLimits,
  type OutboxStorage,
} from './outbox-storage.ts';
import { OwnEvents } from './own-events.ts';
import type { PageListener } from './page-events.ts';
import { Pause } from './pause.ts';
import type { PostOutcome } from './post-events.ts';
import type { OnProblem } from './problem.ts';
import { retryDelayMs } from './retry-delay.ts';
import { timer, type Timer } from './timer.ts';

export interface OutboxOptions {
  /** One that does not fail: see `fallBackToMemory`. */
  readonly storage: OutboxStorage;
  readonly lock: OutboxLock;
  /** Posts a JSON list of so many events. */
  readonly post: (body: string, count: number) => Promise<PostOutcome>;
  /** Hands events to the browser to send once the page is gone; answers with those it may have taken. */
  readonly leave: (entries: readonly OutboxEntry[]) => readonly OutboxEntry[];
  readonly batch: BatchBounds;
  /** How long an event may wait for others to share its request. */
  readonly lingerMs: number;
  /** The storage's own limits, which also bound what this page holds. */
  readonly limits: OutboxLimits;
  readonly random: () => number;
  readonly onProblem: OnProblem;
}

/** A page that never comes to an end of its events lets the others see, now and then, what became of theirs. */
const BATCHES_PER_TURN = 10;

/**
 * Events on their way: kept in a storage, sent from there oldest first, in batches, one request at a time, tried again until the
 * service has said of each what became of it; only then are they removed. Nothing is given up in silence.
 */
export class Outbox implements PageListener {
  readonly #options: OutboxOptions;
  readonly #own: OwnEvents;
  readonly #pause = new Pause();
  readonly #stop = new AbortController();
  #maxCount: number;
  #failures = 0;
  #closed = false;
  /** The page sleeps: others may send. */
  #away = false;
  #draining = false;
  /** Something came that the drain under way may not have seen. */
  #more = false;
  #next: Timer | undefined;
  #onEmpty: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#maxCount = options.batch.maxCount;
    this.#own = new OwnEvents(options);
  }

  /** Sends what an earlier page left behind. */
  start(): void {
    this.#sendIn(0);
  }

  add(entry: OutboxEntry): void {
    if (this.#closed) {
      this.#tell('closed', `Event ${entry.id} came after close() and is not sent.`);
      return;
    }
    const saved = this.#own.add(entry);
    if (saved === null) return;
    void saved.then(() => this.#sendIn(this.#own.waiting >= this.#options.batch.maxCount ? 0 : undefined));
  }

  /** Resolves when all that was added so far is in the storage, or refused by it. */
  saved(): Promise<void> {
    return this.#own.saved();
  }

  /** Sends what waits without lingering. Resolves with how many of this page's events still wait when all is sent or the time is up. */
  async flush(timeoutMs: number): Promise<number> {
    if (this.#stop.signal.aborted) return this.#own.waiting;
    const emptied = new Promise<void>((resolve) => this.#onEmpty.push(resolve));
    let deadline: Timer | undefined;
    const timedOut = new Promise<void>((resolve) => {
      deadline = timer(timeoutMs, resolve, { keepsProcessAlive: true });
    });
    await Promise.race([this.#own.saved(), timedOut]);
    // A pause that the service asked for is kept; otherwise there is no reason to wait.
    this.#sendIn(0);
    await Promise.race([emptied, timedOut]);
    deadline?.cancel();
    return this.#own.waiting;
  }

  /** Flushes, and takes no more events. What only this process holds and is not confirmed by then is told and given up. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    await this.flush(timeoutMs);
    this.#next?.cancel();
    this.#stop.abort();
    this.#pause.end();
    const lost = this.#own.unsaved + this.#options.storage.ephemeral();
    if (lost > 0) this.#tell('events-lost', `${lost} events were not confirmed before close() ended.`);
  }

  /** The page may end now. What it has not heard of goes to the browser, once; it stays in the storage all the same. */
  onLeaving(): void {
    this.#own.leave(this.#options.leave);
  }

  /** The page sleeps and sends nothing, so that another page may. */
  onGone(): void {
    this.#away = true;
    this.#pause.end();
  }

  onBack(): void {
    // A page that was never away sends already.
    if (!this.#away) return;
    this.#away = false;
    this.#sendIn(0);
  }

  /** The network is back: a pause that nobody asked for ends. */
  onOnline(): void {
    this.#pause.endUnlessAsked();
  }

  #sendIn(delayMs: number | undefined): void {
    if (this.#stop.signal.aborted || this.#away) return;
    this.#more = true;
    if (this.#draining) return;
    if (delayMs === undefined && this.#next !== undefined) return;
    this.#next?.cancel();
    this.#next = timer(delayMs ?? this.#options.lingerMs, () => void this.#send());
  }

  async #send(): Promise<void> {
    this.#next = undefined;
    this.#draining = true;
    try {
      await this.#options.lock(() => this.#drain(), this.#stop.signal);
    } catch (cause) {
      this.#tell('events-delayed', 'The storage or the lock of the outbox failed; events wait.', cause);
      await this.#rest();
      this.#more = true;
    }
    this.#draining = false;
    if (this.#more) this.#sendIn(0);
  }

  /** Sends batch after batch until nothing waits, or until it is the next page's turn. */
  async #drain(): Promise<void> {
    const { storage, batch, post } = this.#options;
    for (let turn = 0; turn < BATCHES_PER_TURN && !this.#stop.signal.aborted && !this.#away; turn++) {
      this.#more = false;
      const mark = this.#own.mark();
      const entries = await storage.oldest({ ...batch, maxCount: this.#maxCount });
      this.#own.confirmBefore(entries[0]?.key ?? Infinity, mark);
      if (entries.length === 0) {
        if (this.#own.waiting === 0) this.#tellEmpty();
        return;
      }
      await this.#settle(entries, await post(listOf(entries), entries.length));
    }
    this.#more = true;
  }

  /** Who flushes may rely on it that nothing more is sent: where another look was asked for meanwhile, that look tells. */
  #tellEmpty(): void {
    if (!this.#more) for (const tell of this.#onEmpty.splice(0)) tell();
  }

  /** Removes what is done with, and waits as long as the outcome asks for. */
  async #settle(entries: readonly KeptEntry[], outcome: PostOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'durable':
        await this.#done(entries);
        this.#maxCount = this.#options.batch.maxCount;
        for (const { id, status, reason, detail, remedy } of outcome.results) {
          if (status !== 'dead-lettered') continue;
          const why = [reason, detail, remedy].filter(Boolean).join('. ');
          this.#tell('event-dead-lettered', `Event ${id ?? '(without id)'}: ${why}`);
        }
        return;
      case 'try-again':
        // close() told what it gave up.
        if (this.#stop.signal.aborted) return;
        this.#tell(outcome.code, `${outcome.why}; events wait and are sent again.`, outcome.cause);
        await this.#rest(outcome.afterMs);
        return;
      case 'unfit':
        if (entries.length > 1) {
          this.#maxCount = Math.ceil(entries.length / 2);
          return;
        }
        await this.#done(entries);
        this.#tell('event-refused', `${outcome.why}. Event ${entries[0]?.id ?? ''} is given up.`);
        return;
    }
  }

  async #rest(askedMs = 0): Promise<void> {
    this.#failures++;
    if (this.#stop.signal.aborted || this.#away) return;
    await this.#pause.wait(retryDelayMs(this.#failures, this.#options.random, askedMs), askedMs > 0);
  }

  async #done(entries: readonly KeptEntry[]): Promise<void> {
    await this.#options.storage.remove(entries.map(({ key }) => key));
    this.#own.confirm(entries);
    this.#failures = 0;
  }

  #tell(code: string, message: string, cause?: unknown): void {
    this.#options.onProblem({ code, message, cause });
  }
}
