import type { CloudEvent } from './cloud-event.ts';
import type { PostOutcome } from './post-events.ts';
import type { OnProblem } from './problem.ts';
import { retryDelayMs } from './retry-delay.ts';
import { timer, type Timer } from './timer.ts';

export interface OutboxOptions {
  readonly post: (events: readonly CloudEvent[]) => Promise<PostOutcome>;
  /** Most events in one request. */
  readonly batchSize: number;
  /** How long an event may wait for others to share its request. */
  readonly lingerMs: number;
  /** Most events that wait; further ones are given up, and told. */
  readonly capacity: number;
  readonly random: () => number;
  readonly onProblem: OnProblem;
}

/**
 * Events on their way: in order, in batches, one request at a time, tried again until they are durable or refused. Nothing
 * is given up in silence.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue: CloudEvent[] = [];
  #batchSize: number;
  #failures = 0;
  #sending = false;
  #closed = false;
  #next: Timer | undefined;
  #onEmpty: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#batchSize = options.batchSize;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  add(event: CloudEvent): void {
    const { capacity, batchSize, lingerMs, onProblem } = this.#options;
    if (this.#closed) {
      onProblem({ code: 'closed', message: `Event ${event.id} came after close() and is not sent.` });
      return;
    }
    if (this.#queue.length >= capacity) {
      const message = `Event ${event.id} is given up: ${capacity} are waiting already. Check that Heed can be reached, or raise 'capacity'.`;
      onProblem({ code: 'outbox-full', message });
      return;
    }
    this.#queue.push(event);
    if (this.#failures > 0) return;
    if (this.#queue.length >= batchSize) this.#sendIn(0);
    else if (this.#next === undefined) this.#sendIn(lingerMs);
  }

  /** Sends what waits without lingering. Resolves with what still waits: none, or what could not be sent in that time. */
  async flush(timeoutMs: number): Promise<number> {
    if (this.#queue.length === 0) return 0;
    // A pause that the service asked for is kept; otherwise there is no reason to wait.
    if (this.#failures === 0) this.#sendIn(0);
    await new Promise<void>((resolve) => {
      const deadline = timer(timeoutMs, resolve, { keepsProcessAlive: true });
      this.#onEmpty.push(() => {
        deadline.cancel();
        resolve();
      });
    });
    return this.#queue.length;
  }

  /** Flushes, and takes no more events. What was not confirmed by then is told and given up. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const lost = await this.flush(timeoutMs);
    this.#next?.cancel();
    this.#queue.length = 0;
    if (lost > 0)
      this.#options.onProblem({
        code: 'events-lost',
        message: `${lost} events were not confirmed before close() ended.`,
      });
  }

  #sendIn(delayMs: number): void {
    if (this.#sending) return;
    this.#next?.cancel();
    this.#next = timer(delayMs, () => void this.#send());
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    this.#next = undefined;
    const batch = this.#queue.slice(0, this.#batchSize);
    const delayMs = this.#settle(batch, await this.#options.post(batch));
    this.#sending = false;
    if (this.#queue.length > 0) this.#sendIn(delayMs);
    else for (const tell of this.#onEmpty.splice(0)) tell();
  }

  /** Takes out of the queue what is done with, and says how long to wait with the rest. */
  #settle(batch: readonly CloudEvent[], outcome: PostOutcome): number {
    const { onProblem, random, batchSize } = this.#options;
    switch (outcome.kind) {
      case 'durable':
        this.#done(batch);
        this.#batchSize = batchSize;
        for (const { id, status, reason, detail, remedy } of outcome.results) {
          if (status !== 'dead-lettered') continue;
          const message = `Event ${id ?? '(without id)'}: ${[reason, detail, remedy].filter(Boolean).join('. ')}`;
          onProblem({ code: 'event-dead-lettered', message });
        }
        return 0;
      case 'try-again':
        this.#failures++;
        onProblem({
          code: 'events-delayed',
          message: `${outcome.why}; ${this.#queue.length} events wait.`,
          cause: outcome.cause,
        });
        return retryDelayMs(this.#failures, random, outcome.afterMs);
      case 'too-large':
        if (batch.length > 1) {
          this.#batchSize = Math.ceil(batch.length / 2);
          return 0;
        }
        this.#done(batch);
        onProblem({
          code: 'event-too-large',
          message: `Event ${batch[0]?.id ?? ''} is larger than Heed takes. Send less text.`,
        });
        return 0;
      case 'refused':
        this.#done(batch);
        onProblem({
          code: 'events-refused',
          message: `${outcome.why}. ${batch.length} events are given up.`,
        });
        return 0;
    }
  }

  #done(batch: readonly CloudEvent[]): void {
    this.#queue.splice(0, batch.length);
    this.#failures = 0;
  }
}
