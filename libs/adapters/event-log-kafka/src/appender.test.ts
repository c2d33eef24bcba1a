import type { NewLogEntry } from '@heed/events';
import { tenantId } from '@heed/kernel';
import { describe, expect, it } from 'vitest';
import { Appender } from './appender.ts';
import { KnownKeys, type Place } from './known-keys.ts';

describe('appends at the same time', () => {
  it('answer a repeat only when the first is durable', async () => {
    const log = new HeldLog();
    const first = log.appender.append([entry('a', '1')]);
    const second = log.appender.append([entry('a', ' 1')]);
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
    const appends = [log.appender.append([entry('a', '1')]), log.appender.append([entry('a', '1')])];
    await log.writes();
    log.fail(new Error('gone'));
    for (const append of appends) await expect(append).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(log.learnt).toBe(1);
    const again = log.appender.append([entry('a', '1')]);
    await log.writes();
    log.finish();
    expect(await again).toEqual(['appended']);
    expect(log.learnt).toBe(2);
  });

  it('take an event anew whose first the log has no more', async () => {
    const log = new HeldLog();
    const first = log.appender.append([entry('a', '1')]);
    await log.writes();
    log.finish();
    await first;
    const other = log.appender.append([entry('a', '2')]);
    await log.writes();
    log.finish();
    expect(await other).toEqual(['appended']);
  });
});

/** Writes wait until they are told what became of them. */
class HeldLog {
  readonly written: string[][] = [];
  learnt = 0;
  #writing = Promise.withResolvers<undefined>();
  #outcome = Promise.withResolvers<readonly Place[]>();
  readonly appender = new Appender({
    keys: new KnownKeys(10),
    learn: () => {
      this.learnt += 1;
      return Promise.resolve();
    },
    bodyAt: () => Promise.resolve(undefined),
    opened: (stored) => Promise.resolve(stored.map(({ body }) => body)),
    write: (entries) => {
      this.written.push(entries.map(({ key }) => key));
      this.#writing.resolve(undefined);
      return this.#outcome.promise;
    },
  });

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
