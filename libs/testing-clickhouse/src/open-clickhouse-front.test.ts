import { gzipSync } from 'node:zlib';
import { ClickHouseError, createClient, type ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClickHouseFront, type ClickHouseFront } from './open-clickhouse-front.ts';

const AWKWARD = `it's "1" \\ \\n \n\r\t {x:String} $& 😀 , ] [ %20 & + NULL`;

describe('openClickHouseFront', () => {
  let front: ClickHouseFront;
  let client: ClickHouseClient;
  let beforeChange = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    front = await openClickHouseFront({ beforeChange: () => beforeChange() });
    client = createClient({ url: front.url });
    await client.command({ query: 'CREATE DATABASE things' });
    await client.command({ query: 'CREATE TABLE things.t (x String) ENGINE = MergeTree ORDER BY x' });
  });
  afterAll(async () => {
    await client.close();
    await front.close();
  });
  const ask = (params: Record<string, string>, init: RequestInit = { method: 'POST' }): Promise<Response> =>
    fetch(`${front.url}/?${new URLSearchParams(params).toString()}`, init);

  it('answers a ping, and nothing at places that are not', async () => {
    expect(await client.ping()).toEqual({ success: true });
    expect((await fetch(`${front.url}/elsewhere`)).status).toBe(404);
  });

  it('takes a query from the URL, from the body, and from both as one text', async () => {
    expect(await (await ask({ query: 'SELECT 1' }, { method: 'GET' })).text()).toBe('1\n');
    expect(await (await ask({}, { method: 'POST', body: 'SELECT 2' })).text()).toBe('2\n');
    expect(await (await ask({ query: 'SELECT' }, { method: 'POST', body: '3' })).text()).toBe('3\n');
  });

  it('answers in the format of the query, of the header, or of the URL, in this order', async () => {
    const inUrl = { default_format: 'JSONEachRow' };
    const inHeader = { 'X-ClickHouse-Format': 'CSV' };
    const query = "SELECT 'a' AS x";
    expect(await (await ask({ ...inUrl, query })).text()).toBe('{"x":"a"}\n');
    expect(await (await ask({ ...inUrl, query }, { method: 'POST', headers: inHeader })).text()).toBe(
      '"a"\n',
    );
    const named = { ...inUrl, query: `${query} FORMAT TSV` };
    expect(await (await ask(named, { method: 'POST', headers: inHeader })).text()).toBe('a\n');
  });

  it("reads the real client's parameters as the engine reads them", async () => {
    const answer = await client.query({
      query:
        'SELECT {text:String} AS text, {texts:Array(String)} AS texts, {day:Date} AS day, {n:UInt64} AS n, {none:Nullable(String)} AS none',
      query_params: { text: AWKWARD, texts: [AWKWARD, ''], day: '2026-03-02', n: 2n ** 53n, none: null },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([
      { text: AWKWARD, texts: [AWKWARD, ''], day: '2026-03-02', n: 2 ** 53, none: null },
    ]);
    await expect(
      client.query({ query: 'SELECT {n:UInt8}', query_params: { n: 'many' } }),
    ).rejects.toMatchObject({ type: 'BAD_QUERY_PARAMETER' });
  });

  it('refuses a parameter that ClickHouse finds too long', async () => {
    const query_params = { x: 'x'.repeat(200_000) };
    await expect(client.query({ query: 'SELECT {x:String}', query_params })).rejects.toThrow(
      /Field value too long/u,
    );
  });

  it('takes settings for one request, and refuses those that are none', async () => {
    const query = "SELECT value FROM system.settings WHERE name = 'max_threads'";
    expect(await (await ask({ query, max_threads: '3' })).text()).toBe('3\n');
    expect(await (await ask({ query })).text()).not.toBe('3\n');
    const refused = await ask({ query, no_such: '1' });
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([404, '115']);
  });

  it('takes the database of a request, and refuses one that is not there', async () => {
    const query = 'SELECT currentDatabase()';
    expect(await (await ask({ query, database: 'things' })).text()).toBe('things\n');
    const refused = await ask({ query, database: "no'such" });
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([404, '81']);
  });

  it('lets a GET write nothing', async () => {
    const refused = await ask({ query: "INSERT INTO things.t SELECT 'x'" }, { method: 'GET' });
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([500, '164']);
  });

  it('tells of an exception so that the real client understands it', async () => {
    const thrown: unknown = await client
      .query({ query: 'SELECT * FROM nowhere' })
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ClickHouseError);
    expect(thrown).toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' });
    const { status, headers } = await ask({ query: 'SELECT * FROM' });
    expect([status, headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
  });

  it('stores what the real client inserts, and says how much it was', async () => {
    const { summary } = await client.insert({
      table: 'things.t',
      values: [{ x: AWKWARD }, { x: 'b' }],
      format: 'JSONEachRow',
      columns: ['x'],
    });
    expect(summary).toMatchObject({ written_rows: '2' });
    const answer = await client.query({ query: 'SELECT x FROM things.t ORDER BY x', format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([{ x: 'b' }, { x: AWKWARD }]);
    await client.command({ query: 'TRUNCATE TABLE things.t' });
  });

  it.each(['gzip', 'zstd'] as const)('speaks %s both ways with the real client', async (codec) => {
    const compressed = createClient({
      url: front.url,
      database: 'things',
      compression: { request: { codec }, response: { codec } },
    });
    await compressed.insert({ table: 't', values: [[codec]], format: 'JSONCompactEachRow' });
    expect(front.requests.at(-1)?.headers['content-encoding']).toBe(codec);
    const answer = await compressed.query({ query: 'SELECT x FROM t', format: 'JSONEachRow' });
    expect(answer.response_headers['content-encoding']).toBe(codec);
    expect(await answer.json()).toEqual([{ x: codec }]);
    await compressed.command({ query: 'TRUNCATE TABLE t' });
    await compressed.close();
  });

  it('compresses when asked to and allowed to, and refuses what it cannot open', async () => {
    const gzipped = await fetch(`${front.url}/?query=SELECT+1&enable_http_compression=1`, {
      method: 'POST',
      headers: { 'Accept-Encoding': 'gzip', 'Content-Encoding': 'gzip' },
      body: gzipSync(' + 1'),
    });
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect(await gzipped.text()).toBe('2\n');
    const refused = await ask(
      { query: 'SELECT 1' },
      { method: 'POST', headers: { 'Content-Encoding': 'x' }, body: 'x' },
    );
    expect(refused.status).toBe(501);
  });

  it('plays a cluster of one shard with tables that are really distributed', async () => {
    const statements = [
      "CREATE TABLE things.c_local ON CLUSTER heed (x UInt64, v UInt64) ENGINE = ReplicatedReplacingMergeTree('/p/{uuid}/{shard}', '{replica}', v) ORDER BY x",
      "CREATE TABLE things.c ON CLUSTER heed AS things.c_local ENGINE = Distributed('heed', 'things', 'c_local', cityHash64(x))",
      'INSERT INTO things.c SELECT 1, number FROM numbers(3)',
    ];
    for (const query of statements)
      await client.command({ query, clickhouse_settings: { distributed_foreground_insert: 1 } });
    const answer = await client.query({ query: 'SELECT x, v FROM things.c FINAL', format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([{ x: 1, v: 2 }]);
  });

  it('carries out what was kept back, unless whoever sent it has gone', async () => {
    const sent = Promise.withResolvers<undefined>();
    const letGo = Promise.withResolvers<undefined>();
    let came = 0;
    beforeChange = () => {
      if (++came === 2) sent.resolve(undefined);
      return letGo.promise;
    };
    const make = (table: string, signal?: AbortSignal): Promise<Response> =>
      fetch(front.url, {
        ...{ method: 'POST', body: `CREATE TABLE things.${table} (x String) ENGINE = Memory` },
        ...(signal && { signal }),
      });
    const going = new AbortController();
    const gone = make('of_the_gone', going.signal);
    const waiting = make('of_the_patient');
    await sent.promise;
    going.abort();
    await expect(gone).rejects.toThrow('aborted');
    await client.ping();
    letGo.resolve(undefined);
    expect((await waiting).status).toBe(200);
    beforeChange = () => Promise.resolve();
    const answer = await client.query({
      query: "SHOW TABLES FROM things LIKE 'of_%'",
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([{ name: 'of_the_patient' }]);
  });

  it('lets in whom it knows', async () => {
    const { status, headers } = await ask({ query: 'SELECT 1', user: 'default', password: 'wrong' });
    expect([status, headers.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
    expect((await ask({ query: 'SELECT 1', user: 'default' })).status).toBe(200);
  });
});
