import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { encodeRows, type Warehouse } from '@heed/warehouse';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ClickHouseWarehouse } from './clickhouse-warehouse.ts';
import { openClickHouseWarehouse } from './open-clickhouse-warehouse.ts';
import { SESSION_SETTINGS } from './session-settings.ts';

const row = z.object({ x: z.number() });
const OURS = { 'X-ClickHouse-Query-Id': 'q', 'X-ClickHouse-Summary': '{}' };

describe('what is no working ClickHouse server', () => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      request.resume().once('end', () => answer(request, response));
    });
    opened.unshift(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return listening(server);
  }

  function warehouseAt(url: string, more: object = {}): Warehouse {
    const warehouse = new ClickHouseWarehouse(
      { url, retryWaitsMs: [0, 0], silenceMs: 30_000, ...more },
      'heed',
      {
        settings: SESSION_SETTINGS,
        statements: (sql) => [sql],
      },
    );
    opened.unshift(() => warehouse.close());
    return warehouse;
  }

  it.each([
    ['a page', 200, { 'Content-Type': 'text/html' }, '<html>It works!</html>'],
    ['nothing', 200, {}, ''],
    ['a proxy without a server behind it', 502, {}, '<html>Bad Gateway</html>'],
    ['rows that are none', 200, OURS, 'Code: 241. DB::Ex'],
  ])('is told where %s answers, whatever is asked of it', async (_, status, headers, body) => {
    const warehouse = warehouseAt(
      await serve((_request, response) => response.writeHead(status, headers).end(body)),
    );
    const strange = {
      code: 'warehouse-unavailable',
      message: expect.stringContaining('is no ClickHouse') as string,
    };
    await expect(warehouse.query(row, 'SELECT 1 AS x')).rejects.toMatchObject(strange);
    if (headers === OURS) return;
    await expect(warehouse.insert('things', ['x'], encodeRows([[1]]))).rejects.toMatchObject(strange);
    await expect(warehouse.execute('SELECT 1')).rejects.toMatchObject(strange);
  });

  it('is told where what answers does not even speak HTTP', async () => {
    const server = createTcpServer((socket) => {
      opened.unshift(() => Promise.resolve(socket.destroy()));
      socket.write('SSH-2.0-OpenSSH_9.6\r\n');
    });
    opened.push(async () => {
      server.close();
      await once(server, 'close');
    });
    await expect(openClickHouseWarehouse({ url: await listening(server) })).rejects.toMatchObject({
      code: 'warehouse-unavailable',
      message: expect.stringContaining('HPE_') as string,
    });
  });

  it('is told of a server that falls silent', async () => {
    const warehouse = warehouseAt(await serve(() => undefined), { silenceMs: 50 });
    await expect(warehouse.query(row, 'SELECT 1 AS x')).rejects.toMatchObject({
      code: 'warehouse-unavailable',
      message: expect.stringContaining('said nothing for too long') as string,
    });
  });

  it('asks again for what it may read twice when an answer is cut off, each row once in the end', async () => {
    let asked = 0;
    const warehouse = warehouseAt(
      await serve((_request, response) => {
        asked++;
        response.writeHead(200, OURS).write('{"x":1}\n{"x":');
        if (asked < 3) setImmediate(() => response.destroy());
        else response.end('2}\n');
      }),
    );
    expect(await warehouse.query(row, 'SELECT x')).toEqual([{ x: 1 }, { x: 2 }]);
    expect(asked).toBe(3);
  });

  it('never sends twice what it does not know to be undone', async () => {
    let asked = 0;
    const warehouse = warehouseAt(
      await serve((request) => {
        asked++;
        request.socket.destroy();
      }),
    );
    const lost = { code: 'warehouse-unavailable', message: expect.stringContaining('ECONNRESET') as string };
    await expect(warehouse.insert('things', ['x'], encodeRows([[1]]))).rejects.toMatchObject(lost);
    await expect(warehouse.execute('INSERT INTO x SELECT 1')).rejects.toMatchObject(lost);
    expect(asked).toBe(2);
    await expect(warehouse.query(row, 'SELECT 1 AS x')).rejects.toMatchObject(lost);
    expect(asked).toBe(5);
  });

  it('knows a refusal that comes after 200, when progress was sent already', async () => {
    const refusing = { ...OURS, 'X-ClickHouse-Exception-Code': '241' };
    const warehouse = warehouseAt(
      await serve((_request, response) =>
        response.writeHead(200, refusing).end('Code: 241. DB::Exception: Too much. (MEMORY_LIMIT_EXCEEDED)'),
      ),
    );
    const refused = { code: 'warehouse-failed', message: expect.stringContaining('code 241') as string };
    await expect(warehouse.query(row, 'SELECT 1 AS x')).rejects.toMatchObject(refused);
    await expect(warehouse.insert('things', ['x'], encodeRows([[1]]))).rejects.toMatchObject(refused);
  });

  it('takes hours of progress for what it is', async () => {
    const progress = Array.from({ length: 1500 }, (_, i): [string, string] => [
      'X-ClickHouse-Progress',
      JSON.stringify({ read_rows: String(i).padStart(20, '1'), total_rows_to_read: '9'.repeat(20) }),
    ]);
    const warehouse = warehouseAt(
      await serve((_request, response) =>
        response.writeHead(200, [...Object.entries(OURS), ...progress].flat()).end('{"x":1}\n'),
      ),
    );
    expect(await warehouse.query(row, 'SELECT x')).toEqual([{ x: 1 }]);
  });
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens nowhere.');
  return `http://127.0.0.1:${address.port}`;
}
