import type { LogEntry } from '@heed/events';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { entryOf } from './event-record.ts';
import { Gathering } from './gathering.ts';

describe('gathering the records of several partitions', () => {
  it('makes batches of the size asked for, over the partitions, and commits each before the next', async () => {
    const steps: string[] = [];
    const gathering = gatheringOf({ maxBatch: 4 }, (batch) => {
      steps.push(`handle ${batch.map(({ key }) => key).join(' ')}`);
      return Promise.resolve();
    });
    await Promise.all([
      gathering.offer(offered(0, ['a', 'b', 'c'], steps)),
      gathering.offer(offered(1, ['d', 'e', 'f'], steps)),
    ]);
    expect(steps).toEqual([
      'handle a b c d',
      'commit 0:13 1:11',
      'resolve 0:12',
      'handle e f',
      'commit 1:13',
      'resolve 1:12',
    ]);
  });

  it('finishes what is in hand when the group is given out anew, and lets go of the rest', async () => {
    const steps: string[] = [];
    const lost = new Error('rebalancing');
    const gathering: Gathering = gatheringOf({ maxBatch: 2 }, (batch) => {
      steps.push(`handle ${batch.map(({ key }) => key).join(' ')}`);
      gathering.abandon(lost);
      return Promise.resolve();
    });
    await expect(gathering.offer(offered(0, ['a', 'b', 'c'], steps))).rejects.toBe(lost);
    expect(steps).toEqual(['handle a b', 'commit 0:12']);
    await gathering.offer(offered(0, ['c'], steps));
    expect(steps.slice(2)).toEqual(['handle c', 'commit 0:11', 'resolve 0:10']);
  });

  it('lets go of everything when a commit fails', async () => {
    const refused = new Error('illegal generation');
    const gathering = gatheringOf({ maxBatch: 1 }, () => Promise.resolve());
    const payload = {
      ...offered(0, ['a', 'b'], []),
      commitOffsetsIfNecessary: () => Promise.reject(refused),
    };
    await expect(gathering.offer(payload)).rejects.toBe(refused);
  });

  it('commits nothing of a batch whose handler failed, and takes no other', async () => {
    const steps: string[] = [];
    const broken = new Error('broken');
    const failures: unknown[] = [];
    const gathering = gatheringOf({ maxBatch: 1 }, () => Promise.reject(broken), failures);
    await gathering.offer(offered(0, ['a', 'b'], steps));
    await gathering.offer(offered(0, ['a', 'b'], steps));
    expect([steps, failures]).toEqual([[], [broken]]);
  });

  it('asks between two batches, and lets what was fetched before be fetched again', async () => {
    const steps: string[] = [];
    const beforeBatch = (before: readonly LogEntry[]): Promise<void> => {
      steps.push(`after ${before.length}`);
      return Promise.resolve();
    };
    const gathering = gatheringOf({ maxBatch: 2, beforeBatch }, () => Promise.resolve());
    await gathering.offer(offered(0, ['a', 'b', 'c'], steps));
    expect(steps).toEqual(['commit 0:12', 'after 2', 'resolve 0:11']);
  });
});

type Parts = ConstructorParameters<typeof Gathering>[0];

function gatheringOf(
  options: Parts['options'],
  handle: Parts['handle'],
  failures: unknown[] = [],
): Gathering {
  return new Gathering({ options, handle, read: entryOf, failed: (thrown) => failures.push(thrown) });
}

/** Records at offsets 10 and on, whose keys are these. */
function offered(partition: number, keys: readonly string[], steps: string[]): EachBatchPayload {
  const messages = keys.map((key, index): KafkaMessage => ({
    key: Buffer.from('t/s'),
    value: Buffer.from('{}'),
    timestamp: '0',
    attributes: 0,
    offset: String(10 + index),
    headers: { 'heed-key': key, 'heed-received': '1' },
  }));
  const lastOffset = String(9 + keys.length);
  return {
    batch: {
      topic: 'heed.events',
      partition,
      highWatermark: String(10 + keys.length),
      messages,
      isEmpty: () => false,
      firstOffset: () => '10',
      lastOffset: () => lastOffset,
      offsetLag: () => '0',
      offsetLagLow: () => '0',
    },
    resolveOffset: (offset) => void steps.push(`resolve ${partition}:${offset}`),
    commitOffsetsIfNecessary: (offsets) => {
      const [topic] = offsets?.topics ?? [];
      const committed = topic?.partitions.map(({ partition: one, offset }) => `${one}:${offset}`) ?? [];
      steps.push(`commit ${committed.join(' ')}`);
      return Promise.resolve();
    },
    heartbeat: () => Promise.resolve(),
    pause: () => () => undefined,
    uncommittedOffsets: () => ({ topics: [] }),
    isRunning: () => true,
    isStale: () => false,
  };
}
