import { ok } from '@heed/kernel';
import type { EventStore } from '@heed/policies';
import { beforeAll, describe, expect, it } from 'vitest';

const recordedAtMs = 1_772_355_600_123;
const noted = (note: unknown): { type: string; data: unknown } => ({ type: 'noted', data: { note } });

/** What every event store must do. Nothing can be taken out of one, so each test writes streams of its own. */
export function eventStoreContract(name: string, open: () => Promise<EventStore>): void {
  describe(`${name} as an event store`, () => {
    let store: EventStore;
    beforeAll(async () => {
      store = await open();
    });

    it('has no events of a stream that nobody wrote', async () => {
      expect(await store.load('nowhere')).toEqual([]);
    });

    it('gives the events of a stream back in order, numbered from 1', async () => {
      expect(await store.append('order', 0, [noted('a'), noted('b')], recordedAtMs)).toEqual(ok(2));
      expect(await store.append('order', 2, [{ type: 'closed', data: null }], recordedAtMs + 1)).toEqual(
        ok(3),
      );
      expect(await store.load('order')).toMatchObject([
        { stream: 'order', version: 1, type: 'noted', data: { note: 'a' }, recordedAtMs },
        { stream: 'order', version: 2, type: 'noted', data: { note: 'b' }, recordedAtMs },
        { stream: 'order', version: 3, type: 'closed', data: null, recordedAtMs: recordedAtMs + 1 },
      ]);
    });

    it.each([
      ['nested values', { deep: [{ er: [1, null, true, 0.1, -1e-300, 2 ** 53] }] }],
      ['text of every kind', { text: 'ä 😀 \u2028 "\\ \n' }],
      ['a NUL and half a surrogate pair', { text: 'a\0b \ud800', '\0': 1 }],
      ['a backslash before what looks like a NUL', { text: '\\u0000' }],
      ['a bare text', 'hello'],
      ['a bare number', 42],
      ['what looks like the store’s own notation', { 'heed:json': '{"a":1}' }],
    ])('keeps %s', async (what, data) => {
      await store.append(`data ${what}`, 0, [{ type: 'kept', data }], recordedAtMs);
      expect((await store.load(`data ${what}`))[0]?.data).toEqual(data);
    });

    it('refuses an append that expects another version, and writes nothing', async () => {
      await store.append('version', 0, [noted(1)], recordedAtMs);
      for (const expected of [0, 2]) {
        expect(await store.append('version', expected, [noted(2)], recordedAtMs)).toEqual({
          ok: false,
          error: { code: 'wrong-version', expected, actual: 1 },
        });
      }
      expect(await store.load('version')).toHaveLength(1);
    });

    it('appends while other streams are quiet since a position, and not once one of them is not', async () => {
      await store.append('removals/a', 0, [noted('long ago')], recordedAtMs);
      const quiet = { streams: ['removals/a', 'removals/b'], after: await store.head() };
      await store.append('removals/bb', 0, [noted('of another')], recordedAtMs);
      expect(await store.append('decided', 0, [noted(1)], recordedAtMs, quiet)).toEqual(ok(1));
      await store.append('removals/b', 0, [noted('meanwhile')], recordedAtMs);
      expect(await store.append('decided', 1, [noted(2)], recordedAtMs, quiet)).toEqual({
        ok: false,
        error: { code: 'not-quiet' },
      });
      expect(await store.load('decided')).toHaveLength(1);
    });

    it('lets one of many win who append at the same version', async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.append('race', 0, [noted(index)], recordedAtMs)),
      );
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(await store.load('race')).toHaveLength(1);
    });

    it('reads all streams with a prefix by position, after a position', async () => {
      for (const stream of ['all/x%y/1', 'all/x%y/2', 'all/xzy/1', 'all/x%y/1']) {
        const { length } = await store.load(stream);
        await store.append(stream, length, [noted(stream)], recordedAtMs);
      }
      const events = await store.readAll('all/x%y/', 0);
      expect(events.map(({ stream, version }) => [stream, version])).toEqual([
        ['all/x%y/1', 1],
        ['all/x%y/2', 1],
        ['all/x%y/1', 2],
      ]);
      const positions = events.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      expect(await store.readAll('all/x%y/', positions[0] ?? 0)).toEqual(events.slice(1));
      expect(await store.head()).toBe(positions.at(-1));
    });
  });
}
