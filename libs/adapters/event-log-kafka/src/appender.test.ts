import type { AppendOutcome, NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { Appender } from './appender.ts';
import { KnownKeys, type Place } from './known-keys.ts';

/** Of an append whose time is never over. */
const IN_TIME = new AbortController().signal;

describe('appends at the same time', () => {
  it('answer a repeat only when the first is durable', async () => {
    const log = new HeldLog();
    const first = log.append([entry('a', '1')]);
    const second = log.append([entry('a', ' 1')]);
    let answered = false;
    void second.then(() => (answered = true));
    await log.writes();
    expect(answered).toBe(false);
    log.finish();
    expect(await Promise.all([first, second])).toEqual([['appended'], ['duplicate']]);
    expect(log.written).toEqual([['a']]);
  });

  it('fail together when the first is not durable, and learn before they judge again', async () => {
    const log = new HeldLog();
    const appends = [log.append([entry('a', '1')]), log.append([entry('a', '1')])];
    await log.writes();
    log.fail(new Error('gone'));
    for (const append of appends) await expect(append).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(log.learnt).toBe(1);
    const again = log.append([entry('a', '1')]);
    await log.writes();
    log.finish();
    expect(await again).toEqual(['appended']);
    expect(log.learnt).toBe(2);
  });

  it('take an event anew whose first the log has no more', async () => {
    const log = new HeldLog();
    const first = log.append([entry('a', '1')]);
    await log.writes();
    log.finish();
    await first;
    const other = log.append([entry('a', '2')]);
    await log.writes();
    log.finish();
    expect(await other).toEqual(['appended']);
  });
});

describe('appends while it is not known what the log holds', () => {
  it('give up in time, and others are refused at once until it is known; what was given up is not written', async () => {
    const log = new HeldLog();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    log.learning = promise;
    const time = new AbortController();
    const first = log.append([entry('a', '1')], time.signal);
    time.abort();
    await expect(first).rejects.toMatchObject({ code: 'log-unavailable' });
    await expect(log.append([entry('b', '1')])).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(log.learnt).toBe(1);
    resolve(undefined);
    await promise;
    const again = log.append([entry('b', '1')]);
    await log.writes();
    log.finish();
    expect(await again).toEqual(['appended']);
    expect(log.written).toEqual([['b']]);
    expect(log.learnt).toBe(1);
  });

  it('learn anew after it failed behind the back of those who gave up', async () => {
    const log = new HeldLog();
    const { promise, reject } = Promise.withResolvers<undefined>();
    log.learning = promise;
    const time = new AbortController();
    const first = log.append([entry('a', '1')], time.signal);
    time.abort();
    await expect(first).rejects.toMatchObject({ code: 'log-unavailable' });
    log.learning = Promise.resolve();
    reject(new Error('gone'));
    await expect(promise).rejects.toThrow('gone');
    const again = log.append([entry('a', '1')]);
    await log.writes();
    log.finish();
    expect(await again).toEqual(['appended']);
    expect(log.learnt).toBe(2);
  });
});

/** Writes wait until they are told what became of them. */
class HeldLog {
  readonly written: string[][] = [];
  learnt = 0;
  learning: Promise<void> = Promise.resolve();
  #writing = Promise.withResolvers<undefined>();
  #outcome = Promise.withResolvers<readonly Place[]>();
  readonly #appender = new Appender({
    keys: new KnownKeys(10),
    learn: () => {
      this.learnt += 1;
      return this.learning;
    },
    bodyAt: () => Promise.resolve(undefined),
    opened: (stored) => Promise.resolve(stored.map(({ body }) => body)),
    write: (entries) => {
      this.written.push(entries.map(({ key }) => key));
      this.#writing.resolve(undefined);
      return this.#outcome.promise;
    },
  });

  append(batch: readonly NewLogEntry[], overdue = IN_TIME): Promise<readonly AppendOutcome[]> {
    return this.#appender.append(batch, overdue);
  }

  /** Resolves when a write is under way, and whoever waits for nothing else has gone on. */
  async writes(): Promise<void> {
    await this.#writing.promise;
    await new Promise(setImmediate);
  }

  finish(): void {
    const [count = 0] = this.written.slice(-1).map(({ length }) => length);
    this.#renew().resolve(Array.from({ length: count }, (_, offset) => ({ partition: 0, offset })));
  }

  fail(cause: Error): void {
    this.#renew().reject(cause);
  }

  #renew(): PromiseWithResolvers<readonly Place[]> {
    const outcome = this.#outcome;
    this.#writing = Promise.withResolvers();
    this.#outcome = Promise.withResolvers();
    return outcome;
  }
}

function entry(key: string, body: string): NewLogEntry {
  return { tenant: tenantId('t'), key, session: 's', body, receivedAtMs: 1 };
}
