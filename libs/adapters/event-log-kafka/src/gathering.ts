import type { ConsumeOptions, LogEntry } from '@heed/events';
import type { EachBatchPayload } from 'kafkajs';
import { BatchBounds } from './bounded-batches.ts';
import type { LogRecord } from './log-record.ts';
import { FAREWELL_MS, noLongerThan } from './no-longer-than.ts';
import { recordFrom } from './topic-reader.ts';

export interface GatheringParts {
  readonly options: ConsumeOptions;
  readonly read: (record: LogRecord) => LogEntry;
  readonly handle: (batch: readonly LogEntry[]) => Promise<void>;
  /** The handler failed: nothing more is to be read. */
  readonly failed: (thrown: unknown) => void;
}

/** Records of one partition that wait to be handled. */
interface Offered {
  readonly payload: EachBatchPayload;
  next: number;
  readonly settled: PromiseWithResolvers<undefined>;
}

interface Gathered {
  readonly entries: readonly LogEntry[];
  /** For each partition that had a part in it: the offset to go on from. */
  readonly offsets: { readonly partition: number; readonly offset: string }[];
}

/**
 * kafkajs hands over each partition's records apart; here they are put together into batches of the size asked for, handled one batch after the
 * other, and each one's offsets are committed before the next begins.
 */
export class Gathering {
  readonly #parts: GatheringParts;
  #waiting: Offered[] = [];
  #working: Promise<void> | undefined;
  #handling: Promise<void> | undefined;
  #closed = false;
  #abandoned: unknown;

  constructor(parts: GatheringParts) {
    this.#parts = parts;
  }

  /** Resolves when its records are handled and committed, or will not be because all is over; rejects when the group lost the partition. */
  offer(payload: EachBatchPayload): Promise<undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const settled = Promise.withResolvers<undefined>();
    this.#waiting.push({ payload, next: 0, settled });
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
    return settled.promise;
  }

  /** The group gives its partitions out anew: what is in hand is finished, what waits comes again to whoever gets it. */
  abandon(cause: unknown): void {
    this.#abandoned ??= cause;
    if (this.#working === undefined) this.#settleAll();
  }

  /** Finishes the batch in hand and takes no other. One whose commit the brokers do not answer comes again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#handling?.catch(() => undefined);
    if (this.#working !== undefined) await noLongerThan(FAREWELL_MS, this.#working);
    this.#settleAll();
  }

  async #work(): Promise<void> {
    const { options, handle, failed } = this.#parts;
    // Records of the other partitions of the same answer are offered in the same turn.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#closed && this.#abandoned === undefined) {
      const batch = this.#take();
      try {
        await (this.#handling = handle(batch.entries));
      } catch (thrown) {
        this.#closed = true;
        failed(thrown);
        break;
      }
      try {
        await this.#commit(batch);
        if (options.beforeBatch !== undefined) {
          await options.beforeBatch(batch.entries);
          this.#giveBack();
        }
      } catch (cause) {
        this.#abandoned ??= cause;
      }
    }
    this.#settleAll();
  }

  #take(): Gathered {
    const bounds = new BatchBounds(this.#parts.options);
    const entries: LogEntry[] = [];
    const offsets: Gathered['offsets'] = [];
    for (const offered of this.#waiting) {
      const { batch } = offered.payload;
      const before = offered.next;
      for (const message of batch.messages.slice(before)) {
        const entry = this.#parts.read(recordFrom(batch.partition, message));
        if (!bounds.takes(entry)) break;
        entries.push(entry);
        offered.next += 1;
      }
      const left = batch.messages[offered.next];
      if (offered.next > before) {
        const offset = left?.offset ?? String(Number(batch.lastOffset()) + 1);
        offsets.push({ partition: batch.partition, offset });
      }
      if (left !== undefined) break;
    }
    return { entries, offsets };
  }

  async #commit({ offsets }: Gathered): Promise<void> {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const { topic } = first.payload.batch;
    await first.payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: offsets }] });
    const isDone = ({ payload, next }: Offered): boolean => next >= payload.batch.messages.length;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((offered) => !isDone(offered));
    for (const { payload, settled } of done) {
      payload.resolveOffset(payload.batch.lastOffset());
      settled.resolve(undefined);
    }
  }

  /** Who waited between two batches wants the next one as large as it can be by now: what was fetched before is fetched again. */
  #giveBack(): void {
    for (const { payload, next, settled } of this.#waiting) {
      const handled = payload.batch.messages[next - 1];
      if (handled !== undefined) payload.resolveOffset(handled.offset);
      settled.resolve(undefined);
    }
    this.#waiting = [];
  }

  #settleAll(): void {
    const left = this.#waiting;
    const cause = this.#abandoned;
    this.#waiting = [];
    this.#abandoned = undefined;
    for (const { settled } of left) {
      if (cause === undefined || this.#closed) settled.resolve(undefined);
      else settled.reject(cause);
    }
  }
}
