import type { LogCount, LogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { z } from 'zod';
import { identityOf, KnownKeys } from './known-keys.ts';
import type { TopicEnds } from './log-admin.ts';
import type { LogRecord } from './log-record.ts';
import type { Offsets, TopicReader } from './topic-reader.ts';

/** Newest events by which a repeat is recognised when counting. */
const KNOWN = 200_000;

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
  readonly savedEvery: number;
}

/**
 * Counts the log by reading it, each record once: the first call goes on from the counts that any process saved last, every other from where
 * the one before it ended. An event that comes again in its session is counted once, as readers keep it once.
 */
export class EventCounter {
  readonly #parts: CounterParts;
  readonly #counts = new Map<string, { accepted: number; deadLettered: number }>();
  readonly #seen = new KnownKeys(KNOWN);
  #next: Offsets | undefined;
  #unsaved = 0;
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
    const { reader, ends, read, savedEvery } = this.#parts;
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
    if (this.#unsaved >= savedEvery) await this.#save(next);
    return [...this.#counts]
      .map(([tenant, counts]) => ({ tenant: tenantId(tenant), ...counts }))
      .sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
  }

  #add(entry: LogEntry): void {
    if (!this.#isNew(entry)) return;
    const { accepted = 0, deadLettered = 0 } = this.#counts.get(entry.tenant) ?? {};
    const isDeadLetter = entry.deadLetter !== undefined;
    this.#counts.set(entry.tenant, {
      accepted: accepted + 1,
      deadLettered: deadLettered + (isDeadLetter ? 1 : 0),
    });
  }

  #isNew({ tenant, session, key }: LogEntry): boolean {
    const identity = identityOf({ tenant, key: `${session}\0${key}` });
    if (this.#seen.find(identity) !== undefined) return false;
    this.#seen.add(identity, { digest: '', body: undefined, flight: undefined, place: undefined });
    return true;
  }

  /** The counts saved last, unless the topic is another one than they were made of; and the keys of what was counted last. */
  async #restore(low: Offsets, high: Offsets): Promise<Offsets> {
    const text = await this.#parts.load();
    if (text === undefined) return low;
    const { offsets, tenants } = saved.parse(JSON.parse(text));
    const next = new Map(offsets);
    if ([...next].some(([one, offset]) => offset > (high.get(one) ?? 0))) return low;
    const back = Math.ceil(KNOWN / Math.max(1, next.size));
    const from = new Map([...next].map(([one, offset]) => [one, Math.max(low.get(one) ?? 0, offset - back)]));
    for await (const records of this.#parts.reader.read(from, next)) {
      for (const record of records) this.#isNew(this.#parts.read(record));
    }
    for (const { tenant, ...counts } of tenants) this.#counts.set(tenant, counts);
    return next;
  }

  async #save(next: Offsets): Promise<void> {
    const tenants = [...this.#counts].map(([tenant, counts]) => ({ tenant, ...counts }));
    await this.#parts.save(JSON.stringify({ offsets: [...next], tenants }));
    this.#unsaved = 0;
  }
}
