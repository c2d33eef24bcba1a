import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryOutbox } from './memory-outbox.ts';
import type { OutboxLock } from './outbox-lock.ts';
import { listOf, type OutboxEntry, type OutboxStorage } from './outbox-storage.ts';
import { Outbox } from './outbox.ts';
import type { PostOutcome } from './post-events.ts';

const limits = { maxEntries: 12, maxBytes: 400 };
const everything = { maxCount: 1000, maxBytes: 100_000 };

/** What the network and the service do with a request. */
const fates = ['taken', 'answer lost', 'never arrived', 'busy', 'too large'] as const;
type Fate = (typeof fates)[number];

type Step =
  | { readonly kind: 'emit'; readonly page: number; readonly bytes: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'crash' | 'leave' | 'reload' | 'sleep' | 'wake'; readonly page: number };

const page = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('emit' as const), page, bytes: fc.constantFrom(8, 20, 90) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(2000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash', 'leave', 'reload', 'sleep', 'wake'),
      page,
    }),
  },
);

/** Ids of the events in a request. */
const idsIn = (body: string): string[] => (JSON.parse(body) as { id: string }[]).map(({ id }) => id);

/** The service: knows every id it ever took, and in which order they came by the ordinary way. */
class Service {
  readonly taken = new Set<string>();
  readonly order: string[] = [];
  readonly #fates: Fate[];

  constructor(fatesAhead: readonly Fate[]) {
    this.#fates = [...fatesAhead];
  }

  post(body: string): PostOutcome {
    const ids = idsIn(body);
    const fate = this.#fates.shift() ?? 'taken';
    if (fate === 'busy') return { kind: 'try-again', code: 'events-delayed', afterMs: 700, why: '429' };
    if (fate === 'too large' && ids.length > 1) return { kind: 'unfit', why: '413' };
    if (fate === 'never arrived') return delayed;
    for (const id of ids) {
      if (!this.order.includes(id)) this.order.push(id);
      this.taken.add(id);
    }
    if (fate === 'answer lost') return delayed;
    return { kind: 'durable', results: ids.map((id) => ({ id, status: 'accepted' as const })) };
  }
}
const delayed: PostOutcome = { kind: 'try-again', code: 'events-delayed', afterMs: 0, why: 'no answer' };

/** The browser: one disk and one lock for all pages; what a page that crashed was about to do never happens. */
class Browser {
  readonly disk = memoryOutbox(limits);
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  /** Ids that saved() vouched for. */
  readonly vouchedFor = new Set<string>();
  /** In the order in which the disk got them. */
  readonly written: string[] = [];
  readonly #service: Service;
  /** Pages that posted at the same time. */
  mostAtOnce = 0;
  #posting: AbortSignal[] = [];
  #holder: Promise<void> = Promise.resolve();
  #ids = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  open(): Page {
    const life = new AbortController();
    const outbox = new Outbox({
      storage: this.#diskOf(life.signal),
      lock: this.#lockOf(life.signal),
      post: async (body) => {
        this.#posting = this.#posting.filter((other) => !other.aborted);
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#posting.push(life.signal));
        const outcome = await whileAlive(life.signal, () => this.#service.post(body));
        this.#posting = this.#posting.filter((other) => other !== life.signal);
        return outcome;
      },
      leave: (entries) => {
        for (const id of idsIn(listOf(entries))) this.#service.taken.add(id);
        return entries;
      },
      batch: { maxCount: 3, maxBytes: 120 },
      lingerMs: 50,
      limits,
      random: () => 0.5,
      onProblem: ({ code, message }) => {
        const id = /^Event (\S+) /.exec(message)?.[1];
        if (code === 'outbox-full' && id !== undefined) this.refused.push(id);
      },
    });
    outbox.start();
    return { outbox, crash: () => life.abort() };
  }

  newEntry(bytes: number): OutboxEntry {
    const id = `e${String(this.#ids++)}`;
    return { id, body: JSON.stringify({ id }), bytes };
  }

  #diskOf(life: AbortSignal): OutboxStorage {
    return {
      shared: true,
      add: async (entries) => {
        const keys = await whileAlive(life, () => this.disk.add(entries));
        this.written.push(...entries.filter((_, i) => keys[i] !== null).map(({ id }) => id));
        return keys;
      },
      oldest: (bounds) => whileAlive(life, () => this.disk.oldest(bounds)),
      remove: (keys) =>
        whileAlive(life, async () => {
          const gone = (await this.disk.oldest(everything)).filter(({ key }) => keys.includes(key));
          this.acknowledged.push(...gone.map(({ id }) => id));
          await this.disk.remove(keys);
        }),
      ephemeral: () => 0,
    };
  }

  /** First come, first served; a page that crashes gives it up, and one that waits for it leaves the queue. */
  #lockOf(life: AbortSignal): OutboxLock {
    return async (run, signal) => {
      const before = this.#holder;
      const done = Promise.withResolvers<undefined>();
      this.#holder = done.promise;
      life.addEventListener('abort', () => void before.then(() => done.resolve(undefined)));
      await before;
      if (!life.aborted && !signal.aborted) await run();
      done.resolve(undefined);
      if (life.aborted) await never;
    };
  }
}

interface Page {
  readonly outbox: Outbox;
  readonly crash: () => void;
}

/** What a page that crashed waits for. */
const never = new Promise<never>(() => undefined);

/** Takes a moment, like a disk and a network do; never ends, and does nothing, when the page crashes within it. */
async function whileAlive<Answer>(life: AbortSignal, run: () => Answer | Promise<Answer>): Promise<Answer> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (life.aborted) return never;
  return run();
}

async function live(
  steps: readonly Step[],
  ahead: readonly Fate[],
): Promise<{ service: Service; browser: Browser }> {
  const service = new Service(ahead);
  const browser = new Browser(service);
  const pages = [browser.open(), browser.open()];
  for (const next of steps) {
    if (next.kind === 'wait') {
      await vi.advanceTimersByTimeAsync(next.ms);
      continue;
    }
    const at = pages[next.page];
    if (at === undefined) continue;
    if (next.kind === 'emit') {
      const entry = browser.newEntry(next.bytes);
      at.outbox.add(entry);
      void at.outbox.saved().then(() => browser.vouchedFor.add(entry.id));
    } else if (next.kind === 'leave') at.outbox.onLeaving();
    else if (next.kind === 'sleep') at.outbox.onGone();
    else if (next.kind === 'wake') at.outbox.onBack();
    else {
      if (next.kind === 'reload') at.outbox.onLeaving();
      at.crash();
      pages[next.page] = browser.open();
    }
    await vi.advanceTimersByTimeAsync(1);
  }
  // The user opens the application another day: what waits goes by then.
  for (const { crash } of pages) crash();
  browser.open();
  await vi.advanceTimersByTimeAsync(600_000);
  return { service, browser };
}

describe('an outbox, whatever pages, network and service do', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('loses nothing that it kept, acknowledges nothing twice or unsent, and keeps the order', async () => {
    const seen = { acknowledged: 0, refused: 0, vouchedFor: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.array(fc.constantFrom(...fates), { maxLength: 25, size: 'max' }),
        async (steps, ahead) => {
          vi.clearAllTimers();
          const { service, browser } = await live(steps, ahead);
          expect(await browser.disk.oldest(everything)).toEqual([]);
          for (const id of browser.vouchedFor) {
            // Both at once only where a page that ended handed over what its storage then had no room for.
            expect(service.taken.has(id) || browser.refused.includes(id)).toBe(true);
          }
          expect(new Set(browser.acknowledged).size).toBe(browser.acknowledged.length);
          expect(browser.acknowledged).toEqual(browser.written);
          expect(service.order).toEqual(browser.written);
          expect(browser.mostAtOnce).toBeLessThanOrEqual(1);
          seen.acknowledged += browser.acknowledged.length;
          seen.refused += browser.refused.length;
          seen.vouchedFor += browser.vouchedFor.size;
        },
      ),
      { seed: 15, numRuns: 1500 },
    );
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(100);
  });
});
