import type { AppendOutcome, EventLog, NewLogEntry } from '@heed/events';
import { Fault } from '@heed/kernel';
import { shuttingDown } from '@heed/platform';
import { NO_TRACING, traced, type SpanPlace, type Tracing } from '@heed/telemetry';

export interface GroupCommitLimits {
  /** Entries one append takes at most. */
  readonly maxBatch: number;
  /** Appends under way at most: while the log makes one durable, the next is made ready and sent. */
  readonly maxAppends: number;
  /** Characters of bodies one append takes at most; a request that is larger goes alone. */
  readonly maxBatchChars: number;
  /** Entries that may wait, the batches in flight included; more are refused with Fault `queue-full`. */
  readonly maxWaiting: number;
  /** The same for the characters of their bodies: what bounds the memory. */
  readonly maxWaitingChars: number;
}

interface Waiting {
  readonly entries: readonly NewLogEntry[];
  readonly chars: number;
  /** The request, where it is traced. */
  readonly place: SpanPlace | undefined;
  readonly resolve: (outcomes: readonly AppendOutcome[]) => void;
  readonly reject: (fault: unknown) => void;
}

type Lane = PromiseWithResolvers<void>;

/**
 * Requests that wait together are made durable together: while as many appends run as may, what arrives gathers, and goes with
 * the next. Nobody waits for a timer, and the busier the edge the larger the batch. Requests that wait at the same time have no
 * order: who needs one sends the second after the answer to the first.
 *
 * A request's entries are never split over two appends, and each request is answered only when all of its own are durable.
 */
export class GroupCommit {
  readonly #log: EventLog;
  readonly #limits: GroupCommitLimits;
  readonly #tracing: Tracing;
  readonly #queue: Waiting[] = [];
  #waiting = 0;
  #waitingChars = 0;
  /** Each takes group after group until nothing waits. */
  readonly #lanes = new Set<Lane>();
  #closed = false;

  constructor(log: EventLog, limits: GroupCommitLimits, tracing: Tracing = NO_TRACING) {
    this.#log = log;
    this.#limits = limits;
    this.#tracing = tracing;
  }

  /** Resolves when every entry is durable. Throws Fault `queue-full`, `shutting-down`, or the log's own. */
  append(entries: readonly NewLogEntry[]): Promise<readonly AppendOutcome[]> {
    if (this.#closed) return Promise.reject(shuttingDown());
    if (entries.length === 0) return Promise.resolve([]);
    const chars = entries.reduce((sum, { body }) => sum + body.length, 0);
    if (this.#isFullFor(entries.length, chars)) {
      return Promise.reject(
        new Fault(
          'queue-full',
          'More events wait than the log can take.',
          'Wait for the time in Retry-After and send again.',
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ entries, chars, place: this.#tracing.here(), resolve, reject });
      this.#waiting += entries.length;
      this.#waitingChars += chars;
      this.#openLane();
    });
  }

  /** Takes no more, and resolves when what waited is durable or refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lanes].map(({ promise }) => promise));
  }

  /** One request alone is always taken, whatever its size: the edge bounds it. */
  #isFullFor(count: number, chars: number): boolean {
    if (this.#waiting === 0) return false;
    const { maxWaiting, maxWaitingChars } = this.#limits;
    return this.#waiting + count > maxWaiting || this.#waitingChars + chars > maxWaitingChars;
  }

  #openLane(): void {
    if (this.#lanes.size >= this.#limits.maxAppends) return;
    const lane: Lane = Promise.withResolvers();
    this.#lanes.add(lane);
    void this.#drain(lane);
  }

  async #drain(lane: Lane): Promise<void> {
    // One turn of the event loop lets the requests that arrived together gather before the first append.
    await new Promise(setImmediate);
    for (let group = this.#take(); group.length > 0; group = this.#take()) await this.#commit(group);
    // In the same step that found nothing waiting, so that whoever comes next finds the lane closed and opens one.
    this.#lanes.delete(lane);
    lane.resolve();
  }

  #take(): Waiting[] {
    const { maxBatch, maxBatchChars } = this.#limits;
    let size = 0;
    let chars = 0;
    let requests = 0;
    for (const next of this.#queue) {
      size += next.entries.length;
      chars += next.chars;
      if (requests > 0 && (size > maxBatch || chars > maxBatchChars)) break;
      requests += 1;
    }
    return this.#queue.splice(0, requests);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const entries = group.flatMap((waiting) => waiting.entries);
    try {
      const outcomes = await this.#append(entries, group);
      let start = 0;
      for (const waiting of group) {
        waiting.resolve(outcomes.slice(start, start + waiting.entries.length));
        start += waiting.entries.length;
      }
    } catch (fault) {
      for (const waiting of group) waiting.reject(fault);
    } finally {
      this.#waiting -= entries.length;
      this.#waitingChars -= group.reduce((sum, { chars }) => sum + chars, 0);
    }
  }
  /** Stands in the trace of the first request, and names the others that it was done for. */
  #append(entries: readonly NewLogEntry[], group: readonly Waiting[]): Promise<readonly AppendOutcome[]> {
    const [parent, ...links] = group.flatMap(({ place }) => place ?? []);
    const start = { parent, links, facts: { 'heed.entries': entries.length } };
    return traced(this.#tracing, 'append', start, () => this.#log.append(entries));
  }
}
