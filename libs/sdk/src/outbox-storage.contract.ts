import type { OutboxEntry, OutboxLimits, OutboxStorage } from './outbox-storage.ts';

export interface StorageCase {
  readonly name: string;
  /** @param open gives what a page has in its hands; all that it gives hold the same entries */
  readonly run: (open: (limits: OutboxLimits) => OutboxStorage) => Promise<void>;
}

const roomy = { maxEntries: 1000, maxBytes: 1_000_000 };
const everything = { maxCount: 1000, maxBytes: 1_000_000 };

const entry = (id: string, bytes = 10): OutboxEntry => ({ id, body: `"${id}"`, bytes });
const entries = (ids: string): OutboxEntry[] => Array.from(ids, (id) => entry(id));

async function idsIn(storage: OutboxStorage, bounds = everything): Promise<string> {
  return (await storage.oldest(bounds)).map(({ id }) => id).join('');
}

/** Plain code without a test runner, because it also runs inside a browser's page. */
function same(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

/** What every OutboxStorage does, in Node and in a browser. */
export const outboxStorageCases: readonly StorageCase[] = [
  {
    name: 'gives entries in the order they came, as they came',
    run: async (open) => {
      const storage = open(roomy);
      await storage.add(entries('ab'));
      await storage.add([{ id: 'c', body: '{"text":"\u00e9\ud83d\ude00"}', bytes: 18 }]);
      same(await idsIn(storage), 'abc');
      same((await storage.oldest(everything)).at(-1)?.body, '{"text":"\u00e9\ud83d\ude00"}');
    },
  },
  {
    name: 'keeps the order of calls that do not wait for each other',
    run: async (open) => {
      const storage = open(roomy);
      await Promise.all(Array.from('abcdefgh', (id) => storage.add([entry(id)])));
      same(await idsIn(storage), 'abcdefgh');
    },
  },
  {
    name: 'gives no more than asked for, by count and by bytes, but always one',
    run: async (open) => {
      const storage = open(roomy);
      await storage.add([entry('a', 100), entry('b', 10), entry('c', 10), entry('d', 10)]);
      same(await idsIn(storage, { maxCount: 3, maxBytes: 1000 }), 'abc');
      same(await idsIn(storage, { maxCount: 3, maxBytes: 110 }), 'ab');
      same(await idsIn(storage, { maxCount: 3, maxBytes: 5 }), 'a');
    },
  },
  {
    name: 'removes what it is told to and nothing else, and passes over what is gone',
    run: async (open) => {
      const storage = open(roomy);
      const [a, , c] = await storage.add(entries('abcd'));
      const gone = [a, c].filter((key) => typeof key === 'number');
      same(gone.length, 2);
      await storage.remove(gone);
      await storage.remove(gone);
      same(await idsIn(storage), 'bd');
    },
  },
  {
    name: 'answers with the keys under which the entries are found, and uses none twice',
    run: async (open) => {
      const storage = open(roomy);
      const first = await storage.add(entries('ab'));
      same(
        (await storage.oldest(everything)).map(({ key }) => key),
        first,
      );
      await storage.remove(first.filter((key) => key !== null));
      const second = await storage.add(entries('cd'));
      same(new Set([...first, ...second]).size, 4);
      same(
        second.every((key) => key !== null && key > 0),
        true,
      );
    },
  },
  {
    name: 'refuses what is beyond its count, and has room again for what was removed',
    run: async (open) => {
      const storage = open({ ...roomy, maxEntries: 2 });
      const keys = await storage.add(entries('abc'));
      same(
        keys.map((key) => key !== null),
        [true, true, false],
      );
      await storage.remove(keys.filter((key) => key !== null).slice(0, 1));
      await storage.add(entries('de'));
      same(await idsIn(storage), 'bd');
    },
  },
  {
    name: 'refuses what is beyond its bytes, and still takes what fits',
    run: async (open) => {
      const storage = open({ ...roomy, maxBytes: 100 });
      await storage.add([entry('a', 60), entry('b', 60), entry('c', 40)]);
      same(await idsIn(storage), 'ac');
      const [oldest] = await storage.oldest(everything);
      await storage.remove(oldest === undefined ? [] : [oldest.key, oldest.key]);
      await storage.add([entry('d', 61), entry('e', 60)]);
      same(await idsIn(storage), 'ce');
    },
  },
  {
    name: 'is one and the same for all who open it',
    run: async (open) => {
      const [one, other] = [open({ ...roomy, maxEntries: 3 }), open({ ...roomy, maxEntries: 3 })];
      await Promise.all([one.add(entries('aa')), other.add(entries('aa'))]);
      same([await idsIn(one), await idsIn(other)], ['aaa', 'aaa']);
      const keys = (await one.oldest(everything)).map(({ key }) => key);
      await Promise.all([one.remove(keys), other.remove(keys)]);
      await other.add(entries('bbb'));
      same(await idsIn(one), 'bbb');
    },
  },
];
