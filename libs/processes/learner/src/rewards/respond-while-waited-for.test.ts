import { jsonLog } from '@heed/platform';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { respondWhileWaitedFor } from './respond-while-waited-for.ts';

const silent = jsonLog('silent', () => undefined);

/** Asks a service, and goes; what `asked` makes of the answer that was to be. */
async function goneFrom<T>(asked: (raw: ServerResponse, go: () => void) => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const done = Promise.withResolvers<T>();
  const server = createServer((_request, raw) => {
    asked(raw, () => gone.abort()).then(done.resolve, done.reject);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  await fetch(`http://127.0.0.1:${String(address.port)}`, { signal: gone.signal }).catch(() => undefined);
  return done.promise;
}

/** The signal that the work was given. */
function signalOf(
  raw: ServerResponse,
  during: (signal: AbortSignal) => Promise<unknown>,
): Promise<AbortSignal> {
  const given = Promise.withResolvers<AbortSignal>();
  const reply = { raw, hijack: () => undefined };
  void respondWhileWaitedFor(reply, silent, ({ signal }) => {
    given.resolve(signal);
    return during(signal);
  });
  return given.promise;
}

it('ends work whose caller goes', async () => {
  const reason = await goneFrom(async (raw, go) => {
    const signal = await signalOf(raw, (given) => once(given, 'abort'));
    go();
    await once(signal, 'abort');
    return signal.reason as unknown;
  });
  expect(reason).toMatchObject({ code: 'work-cut-short' });
});

it('begins with the end where the caller had gone before', async () => {
  const signal = await goneFrom(async (raw, go) => {
    const closed = once(raw, 'close');
    go();
    await closed;
    return signalOf(raw, () => Promise.resolve());
  });
  expect(signal.aborted).toBe(true);
});
