import { kafkaEventLog } from '@heed/event-log-kafka';
import type { EventLog, NewLogEntry } from '@heed/events';
import { Fault, seededRandom, tenantId } from '@heed/kernel';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { entries, entry, keysIn, OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();
const tenant = tenantId('default');
const batchSize = 50;

describe('a broker that is killed', () => {
  it('has everything that was acknowledged, once, when it is back, and its readers miss nothing', async () => {
    const random = seededRandom(4);
    const settings = await broker.newTopics();
    const log = kafkaEventLog(settings);
    const seen = new Set<string>();
    const reading = new AbortController();
    const reader = readOn(log, seen, reading.signal);
    let sent = 0;
    for (let kill = 0; kill < 2; kill++) {
      const killAfter = sent + 1 + random.below(30);
      let killed: Promise<void> | undefined;
      for (let failed = false; !failed;) {
        const batch = entries(sent, sent + batchSize).map(({ key }) =>
          entry(key, { session: `s-${sent % 7}` }),
        );
        sent += batchSize;
        if (sent >= killAfter * batchSize) killed ??= broker.process.end('SIGKILL');
        failed = !(await appended(log, batch));
        if (failed) {
          await killed;
          await broker.start();
          // Whoever got no answer sends again.
          await vi.waitFor(async () => expect(await appended(log, batch)).toBe(true), { timeout: 60_000 });
        }
      }
    }
    const kept = await keysIn(log);
    expect(kept).toHaveLength(sent);
    expect(new Set(kept).size).toBe(sent);
    expect(await log.counts()).toEqual([{ tenant, accepted: sent, deadLettered: 0 }]);
    await vi.waitFor(() => expect(seen.size).toBe(sent), { timeout: 60_000 });
    reading.abort();
    await log.close();
    await reader;
  });
});

describe('a broker that does not answer', () => {
  // A test that fails while it is silent is not to take the next one along.
  afterEach(() => broker.process.resume());

  it('makes an append fail in time; sent again after it is back, nothing is lost, and what came twice is counted as often', async () => {
    const settings = { ...(await broker.newTopics()), requestTimeoutMs: 500 };
    const log = kafkaEventLog(settings);
    await log.append(entries(0, 10));
    await broker.process.pause();
    await expect(log.append(entries(10, 20))).rejects.toMatchObject({ code: 'log-unavailable' });
    broker.process.resume();
    await vi.waitFor(() => log.append(entries(10, 20)), { timeout: 60_000 });
    const kept = await keysIn(log);
    expect(new Set(kept)).toEqual(new Set(entries(0, 20).map(({ key }) => key)));
    expect(await log.counts()).toEqual([{ tenant, accepted: kept.length, deadLettered: 0 }]);
    await log.close();
  });

  it('makes all appends fail, those in the queue as well, before a single request would have', async () => {
    const settings = { ...(await broker.newTopics()), requestTimeoutMs: 3_600_000, appendWithinMs: 2_000 };
    const log = kafkaEventLog(settings);
    await log.append(entries(0, 10));
    await broker.process.pause();
    const batches = Array.from({ length: 8 }, (_, nth) => entries(10 + nth * 10, 20 + nth * 10));
    const refused = { code: 'log-unavailable' };
    await Promise.all(batches.map((batch) => expect(log.append(batch)).rejects.toMatchObject(refused)));
    broker.process.resume();
    for (const batch of batches) {
      await vi.waitFor(async () => expect(await appended(log, batch)).toBe(true), { timeout: 60_000 });
    }
    expect(new Set(await keysIn(log))).toEqual(new Set(entries(0, 90).map(({ key }) => key)));
    // What the broker found in its buffers may still be on its way into the log.
    const isCounted = async (): Promise<void> => {
      const [counted] = await log.counts();
      expect(counted?.accepted).toBe((await keysIn(log)).length);
    };
    await vi.waitFor(isCounted, { timeout: 60_000 });
    await log.close();
  });
});

async function appended(log: EventLog, batch: readonly NewLogEntry[]): Promise<boolean> {
  try {
    expect(await log.append(batch)).not.toContain('conflict');
    return true;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    expect(thrown).toMatchObject({ code: 'log-unavailable' });
    return false;
  }
}

/** Begins again as the projector does whenever the log gives up. */
async function readOn(log: EventLog, seen: Set<string>, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    const reader = log.consume('g', { maxBatch: 100 }, (batch) => {
      batch.forEach(({ key }) => seen.add(key));
      return Promise.resolve();
    });
    stopping.addEventListener('abort', () => void reader.stop(), { once: true });
    await reader.done.catch((thrown: unknown) => {
      expect(thrown).toMatchObject({ code: 'log-unavailable' });
    });
  }
}
