import { openClickHouseFront, type ClickHouseFront } from '@heed/testing-clickhouse';
import { encodeRows, migrateWarehouse, type Warehouse } from '@heed/warehouse';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openClickHouseWarehouse, setAsideClickHouseWarehouse } from './open-clickhouse-warehouse.ts';

const value = z.object({ x: z.string() });
const counted = z.object({ n: z.coerce.number() });
const USER = { name: 'heed', password: "p'a\\ss" };
const THINGS = {
  name: '0001_things.sql',
  sql: 'CREATE TABLE IF NOT EXISTS things (x String) ENGINE = MergeTree ORDER BY x',
};
const AWKWARD = `it's "1" \\ \n\r\t\b\u0000 {x:String} \${x} $& -- /* ; ' OR 1=1 😀 \u2028`;

describe('openClickHouseWarehouse', () => {
  let front: ClickHouseFront;
  let warehouse: Warehouse;
  let databases = 0;
  const open = (more: object = {}): Promise<Warehouse> =>
    openClickHouseWarehouse({
      url: front.url,
      username: USER.name,
      password: USER.password,
      database: `d${databases++}`,
      retryWaitsMs: [],
      ...more,
    });
  beforeAll(async () => {
    front = await openClickHouseFront({ user: USER });
  });
  afterAll(async () => {
    await front.close();
  });
  beforeEach(async () => {
    warehouse = await open();
    await migrateWarehouse(warehouse, [THINGS]);
  });
  afterEach(async () => {
    await warehouse.close();
  });

  it('gives back any text, as a value of a statement and as a row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }),
        async (texts) => {
          const xs = [AWKWARD, ...texts.filter((text) => text !== AWKWARD)];
          await warehouse.execute('TRUNCATE TABLE things');
          await warehouse.insert('things', ['x'], encodeRows(xs.map((x) => [x])));
          const found = await warehouse.query(
            value,
            'SELECT x FROM things WHERE x IN {xs:Array(String)} AND {first:String} = {xs:Array(String)}[1]',
            { xs, first: AWKWARD },
          );
          expect(found.map(({ x }) => x).sort()).toEqual([...xs].sort());
        },
      ),
      { numRuns: 25, seed: 7 },
    );
  });

  it('gives values to statements that run side by side, each its own', async () => {
    const asked = Array.from({ length: 20 }, (_, i) => `${i} ${AWKWARD}`);
    const answers = await Promise.all(
      asked.map((x) => warehouse.query(value, 'SELECT {x:String} AS x', { x })),
    );
    expect(answers.flat().map(({ x }) => x)).toEqual(asked);
  });

  it('takes a statement of many megabytes, which no URL and no parameter could hold', async () => {
    const ids = Array.from({ length: 400_000 }, (_, i) => `session-${i}-of-a-length-as-they-have`);
    await warehouse.insert('things', ['x'], encodeRows([[ids[399_999] ?? '']]));
    expect(
      await warehouse.query(counted, 'SELECT count() AS n FROM things WHERE x IN {ids:Array(String)}', {
        ids,
      }),
    ).toEqual([{ n: 1 }]);
  });

  it('stores and gives back rows of many megabytes', async () => {
    const bodies = ['a', 'ü', '\\'].map((one) => one.repeat(12_000_000));
    await warehouse.insert('things', ['x'], encodeRows(bodies.map((body) => [body])));
    const found = await warehouse.query(value, 'SELECT x FROM things ORDER BY x');
    expect(found.map(({ x }) => x.length)).toEqual([12_000_000, 12_000_000, 12_000_000]);
    expect(found.map(({ x }) => x)).toEqual([...bodies].sort());
  });

  it('gives results as the bytes of RowBinary', async () => {
    const bytes = await warehouse.queryBinary(
      'SELECT toUInt64(number) AS n, toFloat64(0.5) AS w FROM numbers({from:UInt64}, 2)',
      { from: 2n ** 63n },
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    expect(bytes).toHaveLength(32);
    expect([view.getBigUint64(0, true), view.getBigUint64(16, true)]).toEqual([2n ** 63n, 2n ** 63n + 1n]);
    expect(view.getFloat64(8, true)).toBe(0.5);
  });

  it('has stored what it was given when an insert resolves, compressed on the way, waiting for nobody', async () => {
    const begun = front.requests.length;
    await warehouse.insert('things', ['x'], encodeRows([['stored']]));
    const [sent] = front.requests.slice(begun);
    expect(sent?.headers['content-encoding']).toBe('zstd');
    expect(Object.fromEntries(sent?.params ?? [])).toMatchObject({
      async_insert: '0',
      wait_end_of_query: '1',
    });
    expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([{ x: 'stored' }]);
  });

  it('takes the same rows twice for two inserts, as marks of days are, where an engine would take them for one that came again', async () => {
    await warehouse.execute(
      'CREATE TABLE marks (x String) ENGINE = MergeTree ORDER BY x SETTINGS non_replicated_deduplication_window = 100',
    );
    const rows = encodeRows([['2026-03-02']]);
    await warehouse.insert('marks', ['x'], rows);
    await warehouse.insert('marks', ['x'], rows);
    await warehouse.execute("INSERT INTO marks SELECT '2026-03-02'");
    await warehouse.execute("INSERT INTO marks SELECT '2026-03-02'");
    expect(await warehouse.query(counted, 'SELECT count() AS n FROM marks')).toEqual([{ n: 4 }]);
  });

  it('has a statement over a staging table end the one before it that was left running', async () => {
    await warehouse.execute('CREATE TABLE things_staging (x String) ENGINE = MergeTree ORDER BY x');
    const begun = front.requests.length;
    await warehouse.execute('TRUNCATE TABLE things_staging');
    await warehouse.execute(`\n  INSERT INTO things_staging (x) SELECT 'a'`);
    await warehouse.execute('TRUNCATE TABLE things');
    const sent = front.requests.slice(begun).map(({ params }) => params);
    expect(sent.map((params) => params.get('replace_running_query'))).toEqual(['1', '1', null]);
    expect(new Set(sent.map((params) => params.get('query_id'))).size).toBe(2);
  });

  it('keeps databases of the same server apart', async () => {
    const other = await warehouse.inDatabase(`${warehouse.database}_other`);
    await migrateWarehouse(other, [THINGS]);
    await other.insert('things', ['x'], encodeRows([['there']]));
    await other.close();
    expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([]);
    await expect(warehouse.inDatabase('x; DROP DATABASE d0')).rejects.toThrow(/letters/u);
  });

  it('opens again what was written', async () => {
    await warehouse.insert('things', ['x'], encodeRows([['kept']]));
    const again = await open({ database: warehouse.database });
    expect(await again.query(value, 'SELECT x FROM things')).toEqual([{ x: 'kept' }]);
    await again.close();
  });

  it('moves a half-written warehouse aside, each to a place of its own', async () => {
    const { database } = warehouse;
    expect(await setAsideClickHouseWarehouse(await open({ database }))).toBe(`${database}_broken_1`);
    expect(await setAsideClickHouseWarehouse(await open({ database }))).toBe(`${database}_broken_2`);
    const fresh = await open({ database });
    expect(await migrateWarehouse(fresh, [THINGS])).toEqual([THINGS.name]);
    await fresh.close();
  });

  it('says of a refused statement what failed, and nothing of what it held', async () => {
    await expect(
      warehouse.execute('INSERT INTO nowhere SELECT {secret:String}', { secret: 'a secret' }),
    ).rejects.toMatchObject({
      code: 'warehouse-failed',
      message: expect.stringMatching(/^(?!.*secret).*code 60, UNKNOWN_TABLE/u) as string,
    });
    await expect(warehouse.insert('things', ['x'], Buffer.from('["secret"'))).rejects.toMatchObject({
      code: 'warehouse-failed',
      message: expect.not.stringContaining('secret') as string,
    });
  });

  it('says that the disk is full, and goes on when there is room', async () => {
    await warehouse.execute(
      "CREATE TABLE full (x String) ENGINE = MergeTree ORDER BY x SETTINGS storage_policy = 'no_room'",
    );
    await expect(warehouse.insert('full', ['x'], encodeRows([['a']]))).rejects.toMatchObject({
      code: 'warehouse-full',
      remedy: expect.stringContaining('Make room') as string,
    });
    await warehouse.insert('things', ['x'], encodeRows([['a']]));
  });

  it('fails while a server refuses inserts, loses nothing that it took, and goes on afterwards', async () => {
    await warehouse.execute(
      'CREATE TABLE crowded (x String) ENGINE = MergeTree ORDER BY x SETTINGS parts_to_throw_insert = 2, parts_to_delay_insert = 1000',
    );
    await warehouse.execute('SYSTEM STOP MERGES crowded');
    const put = (x: string): Promise<void> => warehouse.insert('crowded', ['x'], encodeRows([[x]]));
    await put('a');
    await put('b');
    await expect(put('c')).rejects.toMatchObject({
      code: 'warehouse-failed',
      message: expect.stringContaining('TOO_MANY_PARTS') as string,
    });
    await warehouse.execute('SYSTEM START MERGES crowded');
    await warehouse.execute('OPTIMIZE TABLE crowded FINAL');
    await put('c');
    expect(await warehouse.query(value, 'SELECT x FROM crowded ORDER BY x')).toEqual(
      ['a', 'b', 'c'].map((x) => ({ x })),
    );
  });

  it('does not come in with a wrong password, and says neither it nor the right one', async () => {
    const thrown: unknown = await open({ password: 'not-this-one' }).catch((fault: unknown) => fault);
    expect(thrown).toMatchObject({
      code: 'warehouse-denied',
      remedy: expect.stringContaining('HEED_CLICKHOUSE_PASSWORD') as string,
    });
    expect(everythingIn(thrown)).not.toMatch(/not-this-one|p'a/u);
  });

  it('refuses an address that holds a password', async () => {
    const url = `http://heed:secret@${new URL(front.url).host}`;
    await expect(open({ url })).rejects.toThrow(/must not hold a user, a password/u);
  });

  it('names a cluster that the server does not have', async () => {
    await expect(open({ cluster: 'nowhere' })).rejects.toMatchObject({ code: 'warehouse-cluster-unknown' });
  });

  it('fails while the server is down, and goes on when it is back', async () => {
    await front.stopListening();
    const thrown: unknown = await warehouse
      .insert('things', ['x'], encodeRows([['a']]))
      .catch((fault: unknown) => fault);
    expect(thrown).toMatchObject({
      code: 'warehouse-unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(everythingIn(thrown)).not.toContain(USER.password);
    await expect(open()).rejects.toMatchObject({ code: 'warehouse-unavailable' });
    await front.listenAgain();
    await warehouse.insert('things', ['x'], encodeRows([['b']]));
    expect(await warehouse.query(value, 'SELECT x FROM things')).toEqual([{ x: 'b' }]);
  });

  it('waits on close for what runs, and refuses what comes after', async () => {
    const running = warehouse.query(value, 'SELECT toString(sleep(0.2)) AS x');
    await warehouse.close();
    expect(await running).toHaveLength(1);
    await expect(warehouse.execute('SELECT 1')).rejects.toMatchObject({ code: 'warehouse-closed' });
  });
});

/** All that a log could ever show of it. */
function everythingIn(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return `${thrown.stack ?? ''} ${JSON.stringify(thrown)} ${everythingIn(thrown.cause)}`;
}
