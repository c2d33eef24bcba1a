import { Fault } from '@heed/kernel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { jsonLog } from './log.ts';
import { respondWithProgress, type ReportProgress } from './ndjson.ts';

/** A service of one route with such work behind it, and what it logs. */
async function serving(work: (report: ReportProgress) => Promise<unknown>) {
  const logged: string[] = [];
  const log = jsonLog('info', (line) => logged.push(line));
  const answered = Promise.withResolvers<undefined>();
  const server = createServer((_request, raw) => {
    respondWithProgress({ raw, hijack: () => undefined }, log, work).then(
      () => answered.resolve(undefined),
      answered.reject,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${String(address.port)}`, answered: answered.promise, logged };
}

const busy = new Fault('work-queue-full', 'Four of them wait.', 'Wait.');

it('answers with a line for each step and one for the result', async () => {
  const { url } = await serving((report) => {
    report({ step: 'counting', done: 1, of: 2 });
    report({ step: 'counting', done: 2, of: 2 });
    return Promise.resolve({ counted: 2 });
  });
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  expect(
    (await answer.text())
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    { progress: { step: 'counting', done: 1, of: 2 } },
    { progress: { step: 'counting', done: 2, of: 2 } },
    { result: { counted: 2 } },
  ]);
});

it('answers what fails before the first line with its status, and when to come again', async () => {
  const { url, logged } = await serving(() => Promise.reject(busy));
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: 429, code: 'work-queue-full', remedy: 'Wait.' });
  expect(logged).toEqual([]);
});

it('says what fails later in the last line', async () => {
  const { url, logged } = await serving((report) => {
    report({ step: 'counting', done: 1, of: 2 });
    return Promise.reject(new Error('the disk broke'));
  });
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(
    (await answer.text())
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    { progress: { step: 'counting', done: 1, of: 2 } },
    { problem: expect.objectContaining({ status: 500, code: 'internal' }) as unknown },
  ]);
  expect(logged).toEqual([expect.stringContaining('the disk broke')]);
});

it.each([
  ['tells nobody, and takes it for no failure, that who asked has gone', 'work-cut-short', []],
  ['logs what failed though who asked has gone', 'warehouse-broken', [expect.stringContaining('It ended.')]],
])('%s', async (_, code, told) => {
  const begun = Promise.withResolvers<undefined>();
  const failure = Promise.withResolvers<never>();
  const { url, answered, logged } = await serving(() => {
    begun.resolve(undefined);
    return failure.promise;
  });
  const gone = new AbortController();
  const answer = fetch(url, { signal: gone.signal }).catch(() => undefined);
  await begun.promise;
  gone.abort();
  await answer;
  failure.reject(new Fault(code, 'It ended.', 'Run it again.'));
  await answered;
  expect(logged).toEqual(told);
});
