import type { ReadOptions, LogEntry } from '@heed/events';

/** The bounds of one batch while it is being filled. Its first entry always goes in. */
export class BatchBounds {
  readonly #options: ReadOptions;
  #entries = 0;
  #bytes = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  /** Whether the entry goes into the batch; counted when it does. */
  takes({ body }: LogEntry): boolean {
    const { maxBatch, maxBytes = Infinity } = this.#options;
    const bytes = this.#bytes + (maxBytes === Infinity ? 0 : Buffer.byteLength(body));
    if (this.#entries > 0 && (this.#entries >= maxBatch || bytes > maxBytes)) return false;
    this.#entries += 1;
    this.#bytes = bytes;
    return true;
  }
}

/** The entries in order, cut into batches. */
export function* boundedBatches(
  entries: readonly LogEntry[],
  options: ReadOptions,
): Generator<readonly LogEntry[]> {
  let batch: LogEntry[] = [];
  let bounds = new BatchBounds(options);
  for (const entry of entries) {
    if (!bounds.takes(entry)) {
      yield batch;
      batch = [];
      bounds = new BatchBounds(options);
      bounds.takes(entry);
    }
    batch.push(entry);
  }
  if (batch.length > 0) yield batch;
}
