import type { EventLimits } from '@heed/events';
import { entryOf } from './event-record.ts';
import { digestOf, identityOf, type KnownKeys, type Place } from './known-keys.ts';
import type { TopicEnds } from './log-admin.ts';
import type { Offsets, TopicReader } from './topic-reader.ts';

/** How far back a log that was just opened, or has lost a batch from sight, looks for keys. */
const NEWEST = { records: 100_000, bytes: 64 * 1024 * 1024, block: 10_000 };

interface Learnt {
  readonly identity: string;
  readonly digest: string;
  readonly place: Place;
}

/**
 * Learns the keys of the newest records, in blocks from the end towards the beginning, until there are enough. Stops at `known`, what
 * stands before it having been learnt already. What is known stays as it is.
 */
export async function learnNewest(
  reader: TopicReader,
  { low, high }: TopicEnds,
  known: Offsets,
  keys: KnownKeys,
  limits: EventLimits | undefined,
): Promise<void> {
  const blocks: Learnt[][] = [];
  let [records, bytes] = [0, 0];
  let end = high;
  const first = new Map(
    [...high.keys()].map((one) => [one, Math.max(low.get(one) ?? 0, known.get(one) ?? 0)]),
  );
  while (records < NEWEST.records && bytes < NEWEST.bytes) {
    const begin = before(end, first);
    if (begin === undefined) break;
    const block: Learnt[] = [];
    for await (const part of reader.read(begin, end)) {
      for (const record of part) {
        const entry = entryOf(record, limits);
        const { partition, offset } = record;
        block.push({
          identity: identityOf(entry),
          digest: digestOf(entry.body),
          place: { partition, offset },
        });
        bytes += record.value?.length ?? 0;
      }
    }
    records += block.length;
    blocks.push(block);
    end = begin;
  }
  for (const { identity, digest, place } of blocks.reverse().flat()) {
    if (keys.find(identity) === undefined) {
      keys.add(identity, { digest, body: undefined, flight: undefined, place });
    }
  }
}

/** A block further back in every partition; undefined where all are at their first. */
function before(end: Offsets, first: Offsets): Offsets | undefined {
  const step = Math.ceil(NEWEST.block / Math.max(1, end.size));
  const begin = new Map([...end].map(([one, offset]) => [one, Math.max(first.get(one) ?? 0, offset - step)]));
  return [...end].some(([one, offset]) => offset > (begin.get(one) ?? 0)) ? begin : undefined;
}
