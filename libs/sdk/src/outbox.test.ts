import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CloudEvent } from './cloud-event.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import type { PostOutcome } from './post-events.ts';

const durable: PostOutcome = { kind: 'durable', results: [] };
const tryAgain = (afterMs: number): PostOutcome => ({ kind: 'try-again', afterMs, why: 'busy' });

let posted: string[][];
let problems: string[];
beforeEach(() => {
  [posted, problems] = [[], []];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers the posts in turn, then `durable` for ever. */
function outbox(answers: readonly PostOutcome[] = [], options: Partial<OutboxOptions> = {}): Outbox {
  const left = [...answers];
  return new Outbox({
    post: (events) => {
      posted.push(events.map(({ id }) => id));
      return Promise.resolve(left.shift() ?? durable);
    },
    batchSize: 2,
    lingerMs: 100,
    capacity: 5,
    random: () => 0,
    onProblem: ({ code }) => problems.push(code),
    ...options,
  });
}

const event = (id: string): CloudEvent => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'heed.comment.v1',
  subject: 's-1',
  time: '2026-03-01T09:00:00Z',
  datacontenttype: 'application/json',
  data: { turn: 't-1', text: 'good' },
});
const addAll = (box: Outbox, ids: string): void => {
  for (const id of ids) box.add(event(id));
};

describe('an outbox', () => {
  it('waits for company, but not for long', async () => {
    const box = outbox();
    addAll(box, 'a');
    await vi.advanceTimersByTimeAsync(99);
    expect(posted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(posted).toEqual([['a']]);
  });

  it('sends a full batch at once and the rest after it, in order', async () => {
    const box = outbox();
    addAll(box, 'abcde');
    await vi.advanceTimersByTimeAsync(0);
    await vi.runAllTimersAsync();
    expect(posted).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(box.waiting).toBe(0);
  });

  it('waits as long as the service asks, also when more events come and when it is flushed', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    await vi.advanceTimersByTimeAsync(0);
    addAll(box, 'cd');
    const flushed = box.flush(60_000);
    await vi.advanceTimersByTimeAsync(4999);
    expect(posted).toEqual([['a', 'b']]);
    await vi.advanceTimersByTimeAsync(2);
    expect(await flushed).toBe(0);
    expect(posted).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('cuts a batch that is too large, down to the event that is', async () => {
    const box = outbox([{ kind: 'too-large' }, { kind: 'too-large' }]);
    addAll(box, 'ab');
    await vi.runAllTimersAsync();
    expect(posted).toEqual([['a', 'b'], ['a'], ['b']]);
    expect(problems).toEqual(['event-too-large']);
  });

  it('gives up what the service refuses for good, and says so', async () => {
    const box = outbox([{ kind: 'refused', why: 'no' }]);
    addAll(box, 'abc');
    await vi.runAllTimersAsync();
    expect(posted).toEqual([['a', 'b'], ['c']]);
    expect(problems).toEqual(['events-refused']);
  });

  it('tells of each event that became a dead letter', async () => {
    const results = [
      { id: 'a', status: 'accepted' as const },
      { id: 'b', status: 'dead-lettered' as const, reason: 'schema-violation' },
    ];
    const box = outbox([{ kind: 'durable', results }]);
    addAll(box, 'ab');
    await vi.runAllTimersAsync();
    expect(problems).toEqual(['event-dead-lettered']);
  });

  it('holds a bounded number of events and tells of those beyond it', () => {
    const box = outbox();
    addAll(box, 'abcdefg');
    expect(box.waiting).toBe(5);
    expect(problems).toEqual(['outbox-full', 'outbox-full']);
  });

  it('takes nothing after close, and says so', async () => {
    const box = outbox();
    await box.close(0);
    addAll(box, 'a');
    expect(box.waiting).toBe(0);
    expect(problems).toEqual(['closed']);
  });

  it('stops flushing when the time is up and says how many wait', async () => {
    const box = outbox([tryAgain(5000)]);
    addAll(box, 'ab');
    const flushed = box.flush(1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await flushed).toBe(2);
  });
});
