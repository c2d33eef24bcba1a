import type { LogCount, LogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { z } from 'zod';
import type { TopicEnds } from './log-admin.ts';
import type { LogRecord } from './log-record.ts';
import type { Offsets, TopicReader } from './topic-reader.ts';

const saved = z.object({
  offsets: z.array(z.tuple([z.number(), z.number()])),
  tenants: z.array(z.object({ tenant: z.string(), accepted: z.number(), deadLettered: z.number() })),
});

export interface CounterParts {
  readonly reader: TopicReader;
  readonly ends: () => Promise<TopicEnds>;
  readonly read: (record: LogRecord) => LogEntry;
  readonly load: () => Promise<string | undefined>;
  readonly save: (state: string) => Promise<void>;
  /** Records, and milliseconds, after which the counts are saved. */
  readonly savedEvery: number;
  readonly savedEveryMs: number;
}

/**
 * Counts the log by reading it, each record once: the first call goes on from the counts that any process saved last, every other from where
 * the one before it ended. A repeat that was not recognised is a record like any other: readers say which ones were repeats.
 */
export class EventCounter {
  readonly #parts: CounterParts;
  readonly #counts = new Map<string, { accepted: number; deadLettered: number }>();
  #next: Offsets | undefined;
  #unsaved = 0;
  #savedAtMs = performance.now();
  #counting: Promise<unknown> = Promise.resolve();

  constructor(parts: CounterParts) {
    this.#parts = parts;
  }

  /** What the log held at the call or a little later. */
  counts(): Promise<readonly LogCount[]> {
    const counted = this.#counting.then(() => this.#count());
    this.#counting = counted.catch(() => undefined);
    return counted;
  }

  /** Resolves when no count is under way. */
  async settled(): Promise<void> {
    await this.#counting;
  }

  async #count(): Promise<readonly LogCount[]> {
    const { reader, ends, read, savedEvery, savedEveryMs } = this.#parts;
    const { low, high } = await ends();
    this.#next ??= await this.#restore(low, high);
    const next = new Map([...low].map(([one, begin]) => [one, Math.max(begin, this.#next?.get(one) ?? 0)]));
    this.#next = next;
    for await (const records of reader.read(next, high)) {
      for (const record of records) {
        this.#add(read(record));
        next.set(record.partition, record.offset + 1);
      }
      this.#unsaved += records.length;
    }
    for (const [one, end] of high) next.set(one, Math.max(end, next.get(one) ?? 0));
    const isOld = this.#unsaved > 0 && performance.now() - this.#savedAtMs >= savedEveryMs;
    if (isOld || this.#unsaved >= savedEvery) await this.#save(next);
    return [...this.#counts]
      .map(([tenant, counts]) => ({ tenant: tenantId(tenant), ...counts }))
      .sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
  }

  #add({ tenant, deadLetter }: LogEntry): void {
    const { accepted = 0, deadLettered = 0 } = this.#counts.get(tenant) ?? {};
    const isDeadLetter = deadLetter !== undefined;
    this.#counts.set(tenant, {
      accepted: accepted + 1,
      deadLettered: deadLettered + (isDeadLetter ? 1 : 0),
    });
  }

  /** The counts saved last, unless the topic is another one than they were made of. */
  async #restore(low: Offsets, high: Offsets): Promise<Offsets> {
    const text = await this.#parts.load();
    if (text === undefined) return low;
    const { offsets, tenants } = saved.parse(JSON.parse(text));
    const next = new Map(offsets);
    if ([...next].some(([one, offset]) => offset > (high.get(one) ?? 0))) return low;
    for (const { tenant, ...counts } of tenants) this.#counts.set(tenant, counts);
    return next;
  }

  async #save(next: Offsets): Promise<void> {
    const tenants = [...this.#counts].map(([tenant, counts]) => ({ tenant, ...counts }));
    await this.#parts.save(JSON.stringify({ offsets: [...next], tenants }));
    this.#unsaved = 0;
    this.#savedAtMs = performance.now();
  }
}
