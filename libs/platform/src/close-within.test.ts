import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { expect, it } from 'vitest';
import { closeWithin } from './close-within.ts';
import { jsonLog } from './log.ts';
import { respondWithProgress, type ReportProgress } from './ndjson.ts';

const log = jsonLog('silent', () => undefined);

async function serving(
  listener: RequestListener,
): Promise<{ server: Server; url: string; close: () => Promise<void> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return {
    server,
    url: `http://127.0.0.1:${String(address.port)}`,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

it('finishes a request in flight, and does not wait for its connection, which the client keeps', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const finish = Promise.withResolvers<undefined>();
  const { server, url, close } = await serving((_request, response) => {
    arrived.resolve(undefined);
    void finish.promise.then(() => response.end('finished'));
  });
  const answer = fetch(url);
  await arrived.promise;
  const closed = closeWithin(1_000_000, server, close);
  finish.resolve(undefined);
  expect(await (await answer).text()).toBe('finished');
  await closed;
});

it('tells long work that outlasts the time to run again, and ends', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const stores = Promise.withResolvers<never>();
  const work = (report: ReportProgress): Promise<never> => {
    report({ step: 'counting', done: 1, of: 9 });
    arrived.resolve(undefined);
    return stores.promise;
  };
  const answered: Promise<void>[] = [];
  const { server, url, close } = await serving((_request, raw) => {
    answered.push(respondWithProgress({ raw, hijack: () => undefined }, log, work));
  });
  const answer = fetch(url);
  await arrived.promise;
  const closed = closeWithin(0, server, close);
  const lines = (await (await answer).text()).trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { progress: { step: 'counting', done: 1, of: 9 } },
    { problem: expect.objectContaining({ code: 'shutting-down', remedy: 'Run it again.' }) as unknown },
  ]);
  await closed;
  stores.reject(new Error('closed under it'));
  await Promise.all(answered);
});

it('cuts off what neither finishes nor can be told', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const { server, url, close } = await serving(() => {
    arrived.resolve(undefined);
  });
  const answer = fetch(url);
  await arrived.promise;
  await Promise.all([closeWithin(0, server, close), expect(answer).rejects.toThrow()]);
});
