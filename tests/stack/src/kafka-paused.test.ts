import { kafkaEventLog } from '@heed/event-log-kafka';
import type { EventLog, NewLogEntry } from '@heed/events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { entries, keysIn, OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();

afterEach(() => broker.process.resume());

/** Appends that wait for the brokers at the same time, one a producer, when they fall silent. */
const LANES = 2;

describe('a log whose broker is paused', () => {
  it('holds nothing of the appends it gave up, and none of them is in the log when the broker goes on', async () => {
    const settings = { ...(await broker.newTopics()), requestTimeoutMs: 3_600_000, appendWithinMs: 5_000 };
    const log = kafkaEventLog(settings);
    await log.append(entries(0, 10));
    await broker.process.pause();
    const held: WeakRef<object>[] = [];
    for (let nth = 0; nth < 40; nth++) {
      const at = 10 + nth * 10;
      held.push(await appendInVain(log, entries(at, at + 10)));
    }
    await vi.waitFor(() => {
      collectGarbage();
      expect(held.filter((batch) => batch.deref() !== undefined).length).toBeLessThanOrEqual(LANES);
    }, 30_000);
    broker.process.resume();
    await vi.waitFor(() => log.append(entries(0, 410)), { timeout: 60_000 });
    const times = Map.groupBy(await keysIn(log), (key) => key);
    expect(new Set(times.keys())).toEqual(new Set(entries(0, 410).map(({ key }) => key)));
    // Of the first batch it is unknown whether the broker found it in its buffers; all others were never sent.
    const tried = new Set(entries(10, 20).map(({ key }) => key));
    const doubled = [...times].filter(([key, found]) => found.length > 1 && !tried.has(key));
    expect(doubled).toEqual([]);
    await log.close();
  });

  it('is closed all the same, with whoever reads it', async () => {
    const log = kafkaEventLog({ ...(await broker.newTopics()), appendWithinMs: 5_000 });
    await log.append(entries(0, 10));
    const read = Promise.withResolvers<undefined>();
    const reader = log.consume('g', { maxBatch: 10 }, () => {
      read.resolve(undefined);
      return Promise.resolve();
    });
    await Promise.race([read.promise, reader.done]);
    await broker.process.pause();
    const looks = [log.append(entries(10, 20)), log.lag('g'), log.counts()].map((look) =>
      look.catch(() => undefined),
    );
    await appendInVain(log, entries(20, 30));
    await log.close();
    broker.process.resume();
    await Promise.all(looks);
  });
});

async function appendInVain(log: EventLog, batch: readonly NewLogEntry[]): Promise<WeakRef<object>> {
  await expect(log.append(batch)).rejects.toMatchObject({ code: 'log-unavailable' });
  return new WeakRef(batch);
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = z
    .custom<() => void>((found) => typeof found === 'function')
    .parse(runInNewContext('gc'));
  collect();
}
