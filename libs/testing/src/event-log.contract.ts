import {
  entriesAhead,
  type ConsumeOptions,
  type EventLog,
  type LogEntry,
  type NewLogEntry,
  type ReplayOptions,
} from '@heed/events';
import { Fault, tenantId } from '@heed/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What the port leaves to the log; when absent, what one table in one database does. */
export interface EventLogTraits {
  /** Whether entries are in order, and positions compare, over the whole log or within a session only. */
  readonly order?: 'log' | 'session';
  /** Whether a second reader of a group is refused, or shares the work. */
  readonly readersOfAGroup?: 'one' | 'many';
  /** Whether `removeTenant` can do it, or refuses. */
  readonly removesTenants?: boolean;
}

/** What every event log must do. `open` gives an empty one; it is closed after each test. */
export function eventLogContract(
  name: string,
  open: () => Promise<EventLog>,
  { order = 'log', readersOfAGroup = 'one', removesTenants = true }: EventLogTraits = {},
): void {
  describe(`${name} as an event log`, () => {
    let log: EventLog;
    beforeEach(async () => {
      log = await open();
    });
    afterEach(() => log.close());

    describe('append', () => {
      it('gives every entry back as it was, in order of acknowledgement', async () => {
        const batch = [
          entry('e-1', { session: 's-1', receivedAtMs: 1_772_355_600_123 }),
          entry('e-2', { session: '', body: '' }),
          entry('', { session: 's-1', body: 'not json "\\ at all\n\t{}', deadLetter: 'unreadable' }),
          entry('e-\0-3', { session: 'a\0b', body: '{"text":"raw \0 nul"}' }),
          entry('e-\u0001-4', { session: '\u0001', body: '\u0001"\u0002' }),
          entry('e-\ud800', { session: '\udfff', body: '"half \ud83d of a pair, 😀 whole"' }),
          entry('x'.repeat(70_000), { body: `{"text":"${'ä'.repeat(65_536)}"}` }),
        ];
        expect(await log.append(batch)).toEqual(batch.map(() => 'appended'));
        const kept = (await everything(log)).map(withoutPosition);
        expect(order === 'log' ? kept : bySession(kept)).toEqual(order === 'log' ? batch : bySession(batch));
      });

      it('takes an empty batch', async () => {
        expect(await log.append([])).toEqual([]);
      });

      it('takes a batch of one entry with nothing in it', async () => {
        const blank = entry('', { session: '', body: '' });
        expect(await log.append([blank])).toEqual(['appended']);
        expect(await log.append([blank])).toEqual(['duplicate']);
        expect((await everything(log)).map(withoutPosition)).toEqual([blank]);
      });

      it('changes nothing when the same content comes again, whatever the order of its keys', async () => {
        await log.append([entry('e-1', { body: '{"a":1,"b":[2]}' })]);
        expect(await log.append([entry('e-1', { body: '{ "b": [2], "a": 1 }' })])).toEqual(['duplicate']);
        expect(bodies(await everything(log))).toEqual(['{"a":1,"b":[2]}']);
      });

      it('keeps other content under a taken key as a dead letter, and the first as it is', async () => {
        await log.append([entry('e-1', { body: '1' })]);
        expect(await log.append([entry('e-1', { body: '2' }), entry('e-2')])).toEqual([
          'conflict',
          'appended',
        ]);
        const [first, conflict] = await everything(log);
        expect(first).toMatchObject({ key: 'e-1', body: '1' });
        expect(first).not.toHaveProperty('deadLetter');
        expect(conflict).toMatchObject({
          // sha256sum of the one character 2
          key: '!conflicting-duplicate:d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
          body: '2',
          deadLetter: 'conflicting-duplicate',
        });
      });

      it('keeps the same conflict once, however often it is sent', async () => {
        await log.append([entry('e-1', { body: '1' })]);
        const conflict = entry('e-1', { body: '2' });
        expect(await log.append([conflict, conflict])).toEqual(['conflict', 'conflict']);
        expect(await log.append([conflict])).toEqual(['conflict']);
        expect(bodies(await everything(log))).toEqual(['1', '2']);
      });

      it('judges entries of one batch against each other', async () => {
        const batch = [
          entry('e-1', { body: '1' }),
          entry('e-1', { body: ' 1 ' }),
          entry('e-1', { body: '2' }),
          entry('e-2', { body: '1' }),
        ];
        expect(await log.append(batch)).toEqual(['appended', 'duplicate', 'conflict', 'appended']);
        expect(bodies(await everything(log))).toEqual(['1', '2', '1']);
      });

      it('takes the same key of two tenants as two events', async () => {
        const batch = [entry('e-1', { tenant: tenantId('a') }), entry('e-1', { tenant: tenantId('b') })];
        expect(await log.append(batch)).toEqual(['appended', 'appended']);
      });

      it('tells keys apart that differ in their last of many characters, or only in half a surrogate pair', async () => {
        const long = 'k'.repeat(5_000);
        const keys = [`${long}1`, `${long}2`, 'k-\ud800', 'k-\ud801', 'k-\ufffd', 'k-\0', 'k-'];
        expect(await log.append(keys.map((key) => entry(key)))).toEqual(keys.map(() => 'appended'));
        expect(await log.append(keys.map((key) => entry(key)))).toEqual(keys.map(() => 'duplicate'));
      });

      it('acknowledges each event once when many senders send the same ones at the same time', async () => {
        const batch = Array.from({ length: 20 }, (_, index) => entry(`e-${index}`));
        const outcomes = await Promise.all(Array.from({ length: 12 }, () => log.append(batch)));
        expect(outcomes.flat().filter((outcome) => outcome === 'appended')).toHaveLength(20);
        expect(outcomes.flat().filter((outcome) => outcome === 'duplicate')).toHaveLength(220);
        expect(await everything(log)).toHaveLength(20);
      });
    });

    describe('consume', () => {
      it('hands over batches of at most the size asked for, and goes on where the group stopped', async () => {
        await log.append(numbered(0, 25));
        const first = await consumed(log, 'g', 25, 10);
        expect(first.sizes).toEqual([10, 10, 5]);
        await log.append(numbered(25, 30));
        expect((await consumed(log, 'g', 5, 10)).keys).toEqual(keysOf(numbered(25, 30)));
        expect((await consumed(log, 'other', 30, 100)).keys).toEqual(keysOf(numbered(0, 30)));
      });

      it('bounds a batch by the bytes of its bodies too, but always brings one entry', async () => {
        await log.append(sized);
        const { sizes } = await consumed(log, 'g', sized.length, { maxBatch: 3, maxBytes: 12 });
        expect(sizes).toEqual([2, 1, 1, 3, 1]);
      });

      it('begins at the beginning again after a rewind', async () => {
        await log.append(numbered(0, 5));
        await consumed(log, 'g', 5, 10);
        await log.rewind('g');
        const { entries, partitions } = await log.lag('g');
        expect(entries).toBe(5);
        expect(partitions.map(({ committed }) => committed)).toEqual(partitions.map(() => 0));
        expect((await consumed(log, 'g', 5, 10)).keys).toEqual(keysOf(numbered(0, 5)));
      });

      it('wakes up when something is appended', async () => {
        const waiting = consumed(log, 'g', 3, 10);
        await log.append(numbered(0, 1));
        await log.append(numbered(1, 3));
        expect((await waiting).keys).toEqual(['e-0', 'e-1', 'e-2']);
      });

      it('brings a batch again whose handler failed, and says why it failed', async () => {
        await log.append(numbered(0, 3));
        const fault = new Fault('broken', 'the warehouse is down', 'start it');
        const broken = log.consume('g', { maxBatch: 10 }, () => Promise.reject(fault));
        await expect(broken.done).rejects.toBe(fault);
        await broken.stop();
        expect((await consumed(log, 'g', 3, 10)).keys).toEqual(['e-0', 'e-1', 'e-2']);
      });

      it('finishes the batch in hand and commits it before it stops', async () => {
        await log.append(numbered(0, 2));
        const handling = Promise.withResolvers<undefined>();
        const finish = Promise.withResolvers<undefined>();
        const consumption = log.consume('g', { maxBatch: 10 }, async () => {
          handling.resolve(undefined);
          await finish.promise;
        });
        await handling.promise;
        const stopped = consumption.stop();
        finish.resolve(undefined);
        await stopped;
        await consumption.done;
        expect(await log.lag('g')).toMatchObject({ entries: 0 });
      });

      it('asks before each batch, with the one before, and reads what has come meanwhile', async () => {
        await log.append(numbered(0, 2));
        const before: number[] = [];
        const beforeBatch = async (batch: readonly LogEntry[]): Promise<void> => {
          before.push(batch.length);
          if (before.length <= 2) await log.append(numbered(2 * before.length, 2 * before.length + 2));
        };
        const { sizes } = await consumed(log, 'g', 6, { maxBatch: 10, beforeBatch });
        expect(sizes).toEqual([4, 2]);
        expect(before.slice(0, 2)).toEqual([0, 4]);
      });

      if (readersOfAGroup === 'one') {
        it('refuses a second reader of a group while the first reads', async () => {
          await log.append(numbered(0, 1));
          const reading = Promise.withResolvers<undefined>();
          const first = log.consume('g', { maxBatch: 1 }, () => {
            reading.resolve(undefined);
            return Promise.resolve();
          });
          await reading.promise;
          const second = log.consume('g', { maxBatch: 1 }, () => Promise.resolve());
          await expect(second.done).rejects.toMatchObject({ code: 'log-group-in-use' });
          await second.stop();
          await first.stop();
        });
      }

      it('misses nothing and reads nothing twice while many append', async () => {
        const reading = consumed(log, 'g', 300, 7);
        await Promise.all(
          Array.from({ length: 60 }, (_, index) => log.append(numbered(5 * index, 5 * index + 5))),
        );
        const { keys, positions } = await reading;
        expect(new Set(keys)).toEqual(new Set(keysOf(numbered(0, 300))));
        expect(keys).toHaveLength(300);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      });
    });

    describe('replay', () => {
      it('gives the log up to its head at the call, and moves no group', async () => {
        await log.append(numbered(0, 5));
        const replay = log.replay({ maxBatch: 2 });
        const sizes: number[] = [];
        for await (const batch of replay) {
          sizes.push(batch.length);
          if (sizes.length === 1) await log.append(numbered(5, 9));
        }
        expect(sizes).toEqual([2, 2, 1]);
        expect(await log.lag('g')).toMatchObject({ entries: 9 });
      });

      it('gives no more than a group had committed at the call, of every session', async () => {
        const sessions = Array.from({ length: 20 }, (_, index) => `s-${index}`);
        const round = (name: string): readonly NewLogEntry[] =>
          sessions.map((session) => entry(`${name}-${session}`, { session }));
        await log.append(round('read'));
        await consumed(log, 'g', 20, 7);
        await log.append(round('new'));
        const [read, unread] = await Promise.all(
          ['g', 'other'].map((committedBy) => everything(log, { committedBy })),
        );
        expect(new Set(keysOf(read ?? []))).toEqual(new Set(keysOf(round('read'))));
        expect(unread).toEqual([]);
      });

      it('bounds a batch by the bytes of its bodies too', async () => {
        await log.append(sized);
        const sizes: number[] = [];
        for await (const batch of log.replay({ maxBatch: 3, maxBytes: 12 })) sizes.push(batch.length);
        expect(sizes).toEqual([2, 1, 1, 3, 1]);
      });

      it('ends at once when there is nothing', async () => {
        expect(await everything(log)).toEqual([]);
      });
    });

    describe('the books', () => {
      it('count what was acknowledged and what of it is a dead letter, by tenant', async () => {
        const [a, b] = [tenantId('a'), tenantId('b')];
        await log.append([
          entry('1', { tenant: a }),
          entry('2', { tenant: a, deadLetter: 'oversized' }),
          entry('1', { tenant: b }),
          entry('1', { tenant: a }),
          entry('1', { tenant: a, body: '"other"' }),
        ]);
        const counts = await log.counts();
        expect(counts).toHaveLength(2);
        expect(counts).toContainEqual({ tenant: a, accepted: 3, deadLettered: 2 });
        expect(counts).toContainEqual({ tenant: b, accepted: 1, deadLettered: 0 });
      });

      it('tell how far a group is behind', async () => {
        const empty = await log.lag('g');
        expect(empty.entries).toBe(0);
        expect(empty.partitions.length).toBeGreaterThan(0);
        await log.append(numbered(0, 4));
        await consumed(log, 'g', 4, 10);
        const goal = await log.lag('g');
        expect(goal.partitions.filter(({ committed, head }) => committed < head)).toEqual([]);
        await log.append(numbered(4, 7));
        const lag = await log.lag('g');
        expect(lag.entries).toBe(3);
        expect(lag.partitions).toHaveLength(goal.partitions.length);
        expect(entriesAhead(lag, lag)).toBe(3);
        expect(entriesAhead(goal, lag)).toBe(0);
      });

      it('give every entry a position of its own', async () => {
        const batch = Array.from({ length: 50 }, (_, index) =>
          entry(`e-${index}`, { session: `s-${index}` }),
        );
        await log.append(batch);
        const positions = (await everything(log)).map(({ position }) => position);
        expect(new Set(positions).size).toBe(50);
      });
    });

    describe('removeTenant', () => {
      it(removesTenants ? 'can be done' : 'is told beforehand that it cannot be done', () => {
        expect(log.removesTenants).toBe(removesTenants);
      });

      if (removesTenants) {
        it('takes out the entries and the counts of that tenant only, and frees their keys', async () => {
          const [demo, own] = [tenantId('demo'), tenantId('own')];
          const batch = numbered(0, 4).map((each, index) => ({
            ...each,
            tenant: index % 2 === 0 ? demo : own,
          }));
          await log.append(batch);
          await log.removeTenant(demo);
          expect(await log.counts()).toEqual([{ tenant: own, accepted: 2, deadLettered: 0 }]);
          expect((await everything(log)).map(({ key }) => key)).toEqual(['e-1', 'e-3']);
          expect(await log.append(batch)).toEqual(['appended', 'duplicate', 'appended', 'duplicate']);
          expect(await log.lag('g')).toMatchObject({ entries: 4 });
          expect((await consumed(log, 'g', 4, 1)).keys).toEqual(['e-1', 'e-3', 'e-0', 'e-2']);
        });
      } else {
        it('refuses, says so, and changes nothing', async () => {
          await log.append(numbered(0, 2));
          await expect(log.removeTenant(tenantId('default'))).rejects.toMatchObject({
            code: 'log-cannot-remove',
          });
          expect(keysOf(await everything(log))).toEqual(['e-0', 'e-1']);
        });
      }
    });
  });
}

function entry(key: string, fields: Partial<NewLogEntry> = {}): NewLogEntry {
  return {
    tenant: tenantId('default'),
    key,
    session: 's-1',
    body: '{"a":1}',
    receivedAtMs: 1_000,
    ...fields,
  };
}

/** Bodies of 4, 8 (in UTF-8; 4 characters), 6, 20, 1, 1, 1 and 1 bytes. */
const sized = ['"ab"', '"äöü"', '"abcd"', `"${'x'.repeat(18)}"`, '1', '2', '3', '4'].map((body, index) =>
  entry(`e-${index}`, { body }),
);

function numbered(from: number, to: number): readonly NewLogEntry[] {
  return Array.from({ length: to - from }, (_, index) => entry(`e-${from + index}`));
}

function keysOf(entries: readonly NewLogEntry[]): readonly string[] {
  return entries.map(({ key }) => key);
}

function bodies(entries: readonly NewLogEntry[]): readonly string[] {
  return entries.map(({ body }) => body);
}

function bySession(entries: readonly NewLogEntry[]): readonly NewLogEntry[] {
  return entries.toSorted((a, b) => (a.session < b.session ? -1 : Number(a.session > b.session)));
}

function withoutPosition({ position, ...rest }: LogEntry): NewLogEntry {
  expect(position).toBeGreaterThan(0);
  return rest;
}

async function everything(log: EventLog, options: Partial<ReplayOptions> = {}): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of log.replay({ maxBatch: 3, ...options })) entries.push(...batch);
  return entries;
}

interface Consumed {
  readonly keys: readonly string[];
  readonly positions: readonly number[];
  readonly sizes: readonly number[];
}

/** Reads as the group until `count` entries came, and stops. */
async function consumed(
  log: EventLog,
  group: string,
  count: number,
  bounds: number | ConsumeOptions,
): Promise<Consumed> {
  const options = typeof bounds === 'number' ? { maxBatch: bounds } : bounds;
  const entries: LogEntry[] = [];
  const sizes: number[] = [];
  const enough = Promise.withResolvers<undefined>();
  const consumption = log.consume(group, options, (batch) => {
    entries.push(...batch);
    sizes.push(batch.length);
    if (entries.length >= count) enough.resolve(undefined);
    return Promise.resolve();
  });
  await Promise.race([enough.promise, consumption.done]);
  await consumption.stop();
  return { keys: keysOf(entries), positions: entries.map(({ position }) => position), sizes };
}
