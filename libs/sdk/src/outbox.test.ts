import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryOutbox } from './memory-outbox.ts';
import { noLock, type OutboxLock } from './outbox-lock.ts';
import type { OutboxEntry, OutboxStorage } from './outbox-storage.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import type { PostOutcome } from './post-events.ts';

const durable: PostOutcome = { kind: 'durable', results: [] };
const unfit: PostOutcome = { kind: 'unfit', why: 'POST /v1/events answered 413' };
const tryAgain = (afterMs: number): PostOutcome => ({
  kind: 'try-again',
  code: 'events-delayed',
  afterMs,
  why: 'busy',
});
const limits = { maxEntries: 5, maxBytes: 1000 };

let posted: string[];
let left: string[];
let problems: string[];
let storage: OutboxStorage;
beforeEach(() => {
  [posted, left, problems] = [[], [], []];
  storage = memoryOutbox(limits);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers the posts in turn, then `durable` for ever. */
function outbox(answers: readonly PostOutcome[] = [], options: Partial<OutboxOptions> = {}): Outbox {
  const next = [...answers];
  return new Outbox({
    storage,
    lock: noLock,
    post: (body) => {
      posted.push(idsIn(body));
      return Promise.resolve(next.shift() ?? durable);
    },
    leave: (entries) => {
      left.push(entries.map(({ id }) => id).join(''));
      return entries;
    },
    batch: { maxCount: 2, maxBytes: 100 },
    lingerMs: 100,
    limits,
    random: () => 0,
    onProblem: ({ code }) => problems.push(code),
    ...options,
  });
}

const event = (id: string, bytes = 5): OutboxEntry => ({ id, body: JSON.stringify(id), bytes });
const addAll = (box: Outbox, ids: string): void => {
  for (const id of ids) box.add(event(id));
};
const idsIn = (body: string): string => (JSON.parse(body) as string[]).join('');
const waiting = async (): Promise<string> =>
  (await storage.oldest({ maxCount: 100, maxBytes: 10_000 })).map(({ id }) => id).join('');

describe('an outbox', () => {
  it('waits for company, but not for long', async () => {
    const box = outbox();
    addAll(box, 'a');
    await vi.advanceTimersByTimeAsync(99);
    expect(posted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(posted).toEqual(['a']);
  });

  it('sends a full batch at once and the rest after it, in order', async () => {
    addAll(outbox(), 'abcde');
    await vi.advanceTimersByTimeAsync(1);
    expect(posted).toEqual(['ab', 'cd', 'e']);
    expect(await waiting()).toBe('');
  });

  it('sends no more bytes at once than it may, but an event that is larger alone', async () => {
    const box = outbox();
    for (const [id, bytes] of Object.entries({ a: 60, b: 60, c: 300, d: 1 })) box.add(event(id, bytes));
    await vi.runAllTimersAsync();
    expect(posted).toEqual(['a', 'b', 'c', 'd']);
  });

  it('sends at the start what an earlier page left behind, before its own', async () => {
    await storage.add([event('x'), event('y')]);
    const box = outbox();
    box.start();
    addAll(box, 'a');
    await vi.runAllTimersAsync();
    expect(posted).toEqual(['xy', 'a']);
  });

  it('removes an event only after the service said what became of it', async () => {
    let answer: (outcome: PostOutcome) => void = () => undefined;
    const box = outbox([], { post: () => new Promise((resolve) => (answer = resolve)) });
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting()).toBe('ab');
    answer(durable);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting()).toBe('');
  });

  it('waits as long as the service asks, also when more events come, when it is flushed and when the network is back', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(1);
    addAll(box, 'cd');
    const flushed = box.flush(60_000);
    box.onOnline();
    await vi.advanceTimersByTimeAsync(4998);
    expect(posted).toEqual(['ab']);
    await vi.advanceTimersByTimeAsync(10);
    expect(await flushed).toBe(0);
    expect(posted).toEqual(['ab', 'ab', 'cd']);
  });

  it('is at rest when it is flushed: what comes then waits for company', async () => {
    const look = Promise.withResolvers<undefined>();
    const oldest: OutboxStorage['oldest'] = async (bounds) => (await look.promise, storage.oldest(bounds));
    const box = outbox([], { storage: { ...storage, oldest } });
    box.start();
    await vi.advanceTimersByTimeAsync(1);
    // It looks already, for the start.
    const flushed = box.flush(60_000).then(() => addAll(box, 'a'));
    await vi.advanceTimersByTimeAsync(1);
    look.resolve(undefined);
    await vi.advanceTimersByTimeAsync(10);
    await flushed;
    expect(posted).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(posted).toEqual(['a']);
  });

  it('tries at once when the network is back', async () => {
    const box = outbox([tryAgain(0), tryAgain(0)], { random: () => 0.9 });
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(1);
    expect(posted).toEqual(['ab']);
    box.onOnline();
    await vi.advanceTimersByTimeAsync(0);
    expect(posted).toEqual(['ab', 'ab']);
  });

  it('keeps what a service refuses that takes nothing of this client: a key can be mended', async () => {
    const refused = { kind: 'try-again', code: 'events-refused', afterMs: 30_000, why: '401' } as const;
    const box = outbox([refused]);
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(29_000);
    expect([await waiting(), problems]).toEqual(['ab', ['events-refused']]);
    await vi.advanceTimersByTimeAsync(1100);
    expect(await waiting()).toBe('');
  });

  it('cuts a batch that is unfit, down to the event that is, and gives up that one alone', async () => {
    const box = outbox([unfit, unfit]);
    addAll(box, 'abc');
    await vi.runAllTimersAsync();
    expect(posted).toEqual(['ab', 'a', 'b', 'c']);
    expect(problems).toEqual(['event-refused']);
    expect(await waiting()).toBe('');
  });

  it('tells of each event that became a dead letter, and removes it', async () => {
    const results = [
      { id: 'a', status: 'accepted' as const },
      { id: 'b', status: 'dead-lettered' as const, reason: 'schema-violation' },
    ];
    addAll(outbox([{ kind: 'durable', results }]), 'ab');
    await vi.runAllTimersAsync();
    expect(problems).toEqual(['event-dead-lettered']);
    expect(await waiting()).toBe('');
  });

  it.each([
    ['events', 5, 7],
    ['bytes', 300, 4],
  ])('holds a bounded number of %s and tells of those beyond it', async (_, bytes, count) => {
    const box = outbox();
    for (let i = 0; i < count; i++) box.add(event(String(i), bytes));
    await box.saved();
    expect(problems).toEqual(bytes === 5 ? ['outbox-full', 'outbox-full'] : ['outbox-full']);
    expect(await waiting()).toBe(bytes === 5 ? '01234' : '012');
  });

  it('tells of an event for which other pages left no room', async () => {
    await storage.add(['v', 'w', 'x', 'y'].map((id) => event(id)));
    const box = outbox([], { post: () => new Promise(() => undefined) });
    addAll(box, 'ab');
    await box.saved();
    expect(problems).toEqual(['outbox-full']);
    expect(await waiting()).toBe('vwxya');
  });

  it('has room again for what was sent', async () => {
    const box = outbox();
    addAll(box, 'abcde');
    await vi.runAllTimersAsync();
    addAll(box, 'fghij');
    await vi.runAllTimersAsync();
    expect(posted.join('')).toBe('abcdefghij');
    expect(problems).toEqual([]);
  });

  it('takes nothing after close, and says so', async () => {
    const box = outbox();
    const closed = box.close(0);
    await vi.runAllTimersAsync();
    await closed;
    addAll(box, 'a');
    expect(problems).toEqual(['closed']);
  });

  it('tells at close what ends with it', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    const closed = box.close(1000);
    await vi.advanceTimersByTimeAsync(1000);
    await closed;
    expect(problems).toEqual(['events-delayed', 'events-lost']);
  });

  it('tells nothing at close of what the next page sends', async () => {
    storage = { ...storage, ephemeral: () => 0 };
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    const closed = box.close(1000);
    await vi.advanceTimersByTimeAsync(1000);
    await closed;
    expect(problems).toEqual(['events-delayed']);
    outbox().start();
    await vi.runAllTimersAsync();
    expect(posted).toEqual(['ab', 'ab']);
  });

  it('stops flushing when the time is up and says how many wait', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    const flushed = box.flush(1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await flushed).toBe(2);
  });
});

describe('an outbox whose page may end', () => {
  it('hands over at once what was not confirmed, each event one time, and keeps it all the same', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(1);
    box.onLeaving();
    addAll(box, 'c');
    box.onLeaving();
    expect(left).toEqual(['ab', 'c']);
    await box.saved();
    expect(await waiting()).toBe('abc');
  });

  it('hands over nothing that is confirmed', async () => {
    const box = outbox();
    addAll(box, 'ab');
    await vi.runAllTimersAsync();
    box.onLeaving();
    expect(left).toEqual(['']);
  });

  it('sends nothing while it sleeps, and goes on when it wakes', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(1);
    box.onGone();
    addAll(box, 'c');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(posted).toEqual(['ab']);
    box.onBack();
    await vi.runAllTimersAsync();
    expect(posted).toEqual(['ab', 'ab', 'c']);
  });
});

describe('two pages with one outbox', () => {
  it('see what the other sent of theirs, though the other never comes to an end', async () => {
    const turns: (() => void)[] = [];
    let busy = false;
    const lock: OutboxLock = async (run) => {
      if (busy) await new Promise<void>((resolve) => turns.push(resolve));
      busy = true;
      await run();
      busy = false;
      turns.shift()?.();
    };
    const post = (): Promise<PostOutcome> =>
      new Promise((resolve) => {
        setTimeout(() => {
          endless.add(event('e'));
          endless.add(event('e'));
          resolve(durable);
        }, 10);
      });
    const endless = outbox([], { lock, post });
    const other = outbox([], { lock, post: () => new Promise(() => undefined) });
    addAll(endless, 'e');
    await vi.advanceTimersByTimeAsync(105);
    addAll(other, 'o');
    expect(await Promise.race([other.flush(5000), vi.advanceTimersByTimeAsync(6000)])).toBe(0);
    expect(problems).toEqual([]);
  });
});
