import type { LogEntry } from '@heed/events';
import { kafkaEventLog } from '@heed/event-log-kafka';
import { Fault } from '@heed/kernel';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { entry, OwnBroker } from './own-broker.ts';

const broker = new OwnBroker();
const SESSIONS = 40;

/** Entries of many sessions, `from` of each to before `to`. */
function rounds(from: number, to: number): readonly (readonly ReturnType<typeof entry>[])[] {
  return Array.from({ length: to - from }, (_, round) =>
    Array.from({ length: SESSIONS }, (_, session) =>
      entry(`${session}-${from + round}`, { session: `s-${session}` }),
    ),
  );
}

/** What a reader of a group was handed, and a way to wait for more of it. */
class Seen {
  readonly entries: LogEntry[] = [];
  #waiting: { readonly until: () => boolean; readonly resolve: () => void }[] = [];

  add(batch: readonly LogEntry[]): void {
    this.entries.push(...batch);
    for (const { until, resolve } of this.#waiting) if (until()) resolve();
  }

  when(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until, resolve }));
  }
}

describe('the readers of a group', () => {
  it('share the partitions when another comes and when one leaves, and nothing is lost', async () => {
    const settings = await broker.newTopics({ partitions: 6 });
    const [writer, log1, log2] = [kafkaEventLog(settings), kafkaEventLog(settings), kafkaEventLog(settings)];
    const [seen, by1, by2] = [new Seen(), new Seen(), new Seen()];
    const givenUp: unknown[] = [];
    const read = (log: typeof log1, by: Seen) => {
      const reader = log.consume('g', { maxBatch: 25 }, (batch) => {
        by.add(batch);
        seen.add(batch);
        return Promise.resolve();
      });
      reader.done.catch((thrown: unknown) => givenUp.push(thrown));
      return reader;
    };
    const acknowledged = new Set<string>();
    let round = 0;
    const appendUntil = async (enough: () => boolean): Promise<void> => {
      do {
        const [batch = []] = rounds(round, ++round);
        await writer.append(batch);
        batch.forEach(({ key }) => acknowledged.add(key));
        expect(givenUp).toEqual([]);
      } while (!enough());
    };

    const first = read(log1, by1);
    await appendUntil(() => by1.entries.length > 0);
    const second = read(log2, by2);
    await appendUntil(() => by2.entries.length > 0);
    const before = by1.entries.length;
    await appendUntil(() => by1.entries.length > before);
    await first.stop();
    await appendUntil(() => round > 0);
    await seen.when(() => new Set(seen.entries.map(({ key }) => key)).size === acknowledged.size);
    await second.stop();

    expect(new Set(seen.entries.map(({ key }) => key))).toEqual(acknowledged);
    for (const { entries } of [by1, by2]) {
      for (const [, ofSession] of Map.groupBy(entries, ({ session }) => session)) {
        const positions = ofSession.map(({ position }) => position);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      }
    }
    expect(await writer.lag('g')).toMatchObject({ entries: 0 });
    await Promise.all([writer.close(), log1.close(), log2.close()]);
  });

  it('take over from one whose handler failed, with the batch that it did not finish', async () => {
    const settings = await broker.newTopics({ partitions: 6 });
    const [log1, log2] = [kafkaEventLog(settings), kafkaEventLog(settings)];
    for (const batch of rounds(0, 10)) await log1.append(batch);
    const fault = new Fault('broken', 'the warehouse is down', 'start it');
    const finished: string[] = [];
    const failing = log1.consume('g', { maxBatch: 10 }, (batch) => {
      if (finished.length >= 30) return Promise.reject(fault);
      finished.push(...batch.map(({ key }) => key));
      return Promise.resolve();
    });
    await expect(failing.done).rejects.toBe(fault);
    expect(await log1.lag('g')).toMatchObject({ entries: 10 * SESSIONS - finished.length });

    const seen = new Seen();
    const other = log2.consume('g', { maxBatch: 100 }, (batch) => {
      seen.add(batch);
      return Promise.resolve();
    });
    await seen.when(() => seen.entries.length >= 10 * SESSIONS - finished.length);
    await other.stop();
    expect(new Set([...finished, ...seen.entries.map(({ key }) => key)]).size).toBe(10 * SESSIONS);
    expect(await log2.lag('g')).toMatchObject({ entries: 0 });
    await Promise.all([log1.close(), log2.close()]);
  });

  it('leave at once where they were still joining, and the others go on without them', async () => {
    const settings = await broker.newTopics({ partitions: 6 });
    const [log1, log2] = [kafkaEventLog(settings), kafkaEventLog(settings)];
    const [first = [], ...others] = rounds(0, 4);
    await log1.append(first);
    const [seen, busy, gate] = [
      new Seen(),
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<undefined>(),
    ];
    const staying = log1.consume('g', { maxBatch: 100 }, (batch) => {
      busy.resolve(undefined);
      seen.add(batch);
      return gate.promise;
    });
    await busy.promise;
    const groups = new Kafka({ brokers: [...settings.brokers], logLevel: logLevel.NOTHING }).admin();
    await groups.connect();
    const state = async () => (await groups.describeGroups([`${settings.topics.prefix}.g`])).groups[0]?.state;
    const joining = log2.consume('g', { maxBatch: 100 }, () => Promise.resolve());
    // Nobody is answered while the other has a batch in hand.
    await vi.waitFor(async () => expect(await state()).toBe('PreparingRebalance'), 60_000);
    await joining.stop();
    await log2.close();
    expect(await state()).toBe('PreparingRebalance');

    gate.resolve(undefined);
    for (const batch of others) await log1.append(batch);
    await seen.when(() => new Set(seen.entries.map(({ key }) => key)).size === 4 * SESSIONS);
    await staying.stop();
    await groups.disconnect();
    await log1.close();
  });

  it('keep a group from being rewound while they read', async () => {
    const log = kafkaEventLog(await broker.newTopics());
    const seen = new Seen();
    const reader = log.consume('g', { maxBatch: 10 }, (batch) => {
      seen.add(batch);
      return Promise.resolve();
    });
    await log.append([entry('e-1')]);
    await seen.when(() => seen.entries.length > 0);
    await expect(log.rewind('g')).rejects.toMatchObject({ code: 'log-group-in-use' });
    await reader.stop();
    await log.rewind('g');
    const { entries, partitions } = await log.lag('g');
    expect([entries, partitions.every(({ committed }) => committed === 0)]).toEqual([1, true]);
    await log.close();
  });
});
