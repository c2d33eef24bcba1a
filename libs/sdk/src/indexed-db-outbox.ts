import { completed, resultOf, type IdbDatabase, type IdbFactory, type IdbTransaction } from './indexed-db.ts';
import { withinBounds, type KeptEntry, type OutboxLimits, type OutboxStorage } from './outbox-storage.ts';

const ENTRIES = 'entries';
const TOTALS = 'totals';
const ALL = 'all';

interface Totals {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Holds events in the browser's database, for all pages of the origin that give the same name: they survive a reload, a crash of
 * the page and the end of the browser. How much is held is counted in the transaction that adds or removes, so the limits are exact
 * however many pages write.
 */
export function indexedDbOutbox(
  databases: IdbFactory,
  name: string,
  { maxEntries, maxBytes }: OutboxLimits,
): OutboxStorage {
  const connect = connector(databases, name);
  /** Resolves with what `run` answers once all that it wrote is there for every page. */
  const inOne = async <Answer>(
    mode: 'readonly' | 'readwrite',
    run: (transaction: IdbTransaction) => Promise<Answer>,
  ): Promise<Answer> => {
    const transaction = (await connect()).transaction([ENTRIES, TOTALS], mode);
    const [answer] = await Promise.all([run(transaction), completed(transaction)]);
    return answer;
  };

  return {
    shared: true,
    add: (added) =>
      inOne('readwrite', async (transaction) => {
        let { entries, bytes } = await totalsIn(transaction);
        const store = transaction.objectStore(ENTRIES);
        const keys = added.map((entry) => {
          if (entries >= maxEntries || bytes + entry.bytes > maxBytes) return Promise.resolve(null);
          entries += 1;
          bytes += entry.bytes;
          return resultOf(store.add({ id: entry.id, body: entry.body, bytes: entry.bytes }));
        });
        transaction.objectStore(TOTALS).put({ entries, bytes }, ALL);
        return Promise.all(keys);
      }),
    oldest: (bounds) =>
      inOne('readonly', async (transaction) => {
        const found = await resultOf(transaction.objectStore(ENTRIES).getAll(undefined, bounds.maxCount));
        return withinBounds(found.map(keptEntry), bounds);
      }),
    remove: (keys) =>
      inOne('readwrite', async (transaction) => {
        const store = transaction.objectStore(ENTRIES);
        const [totals, ...found] = await Promise.all([
          totalsIn(transaction),
          ...Array.from(new Set(keys), (key) => resultOf(store.get(key))),
        ]);
        let { entries, bytes } = totals;
        for (const gone of found.filter((value) => value !== undefined).map(keptEntry)) {
          store.delete(gone.key);
          entries -= 1;
          bytes -= gone.bytes;
        }
        transaction.objectStore(TOTALS).put({ entries, bytes }, ALL);
      }),
    ephemeral: () => 0,
  };
}

/** One connection, opened when it is first needed, and again after a page with a later version of the SDK wanted it closed. */
function connector(databases: IdbFactory, name: string): () => Promise<IdbDatabase> {
  let connection: Promise<IdbDatabase> | undefined;
  return () => {
    connection ??= open(databases, name).then((database) => {
      database.onversionchange = () => {
        connection = undefined;
        database.close();
      };
      return database;
    });
    return connection;
  };
}

function open(databases: IdbFactory, name: string): Promise<IdbDatabase> {
  const request = databases.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ENTRIES, { keyPath: 'key', autoIncrement: true });
    request.result.createObjectStore(TOTALS);
  };
  return resultOf(request);
}

async function totalsIn(transaction: IdbTransaction): Promise<Totals> {
  const value = await resultOf(transaction.objectStore(TOTALS).get(ALL));
  if (value === undefined) return { entries: 0, bytes: 0 };
  if (isRecord(value)) {
    const { entries, bytes } = value;
    if (typeof entries === 'number' && typeof bytes === 'number') return { entries, bytes };
  }
  throw foreign();
}

function keptEntry(value: unknown): KeptEntry {
  if (isRecord(value)) {
    const { key, id, body, bytes } = value;
    if (
      typeof key === 'number' &&
      typeof id === 'string' &&
      typeof body === 'string' &&
      typeof bytes === 'number'
    )
      return { key, id, body, bytes };
  }
  throw foreign();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function foreign(): TypeError {
  return new TypeError('The database holds something that is not from an outbox. Give another outboxName.');
}
