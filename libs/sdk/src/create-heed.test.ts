import { bundleText, signBundle, type BundleRewrite, type BundleSigner } from '@heed/policies';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHeed, type Heed, type HeedOptions } from './create-heed.ts';
import type { HeedProblem } from './problem.ts';
import { served } from './served.ts';
import { verifyBundle } from './verify-bundle.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** What the service answers next, and what it was asked: a real HTTP server whose answers the test chooses. */
let onBundle: (request: IncomingMessage) => Promise<Answer> | Answer;
let onEvents: (events: readonly { id: string; time: string }[]) => Answer;
let requests: IncomingMessage[];
let problems: HeedProblem[];
let server: Server;
let url: string;
const open: Heed[] = [];

beforeEach(async () => {
  [requests, problems] = [[], []];
  onBundle = () => bundleAnswer(1, [rewrite('a', 'b')]);
  onEvents = accepted;
  server = createServer((request, response) => {
    requests.push(request);
    void answerTo(request).then(({ status, headers = {}, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((heed) => heed.close(0)));
  await stop();
});

async function answerTo(request: IncomingMessage): Promise<Answer> {
  if (request.url === '/v1/bundle') return onBundle(request);
  return onEvents(JSON.parse(await text(request)) as { id: string; time: string }[]);
}

function stop(): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function client(options: Partial<HeedOptions> = {}): Heed {
  const heed = createHeed({
    url,
    refreshMs: 0,
    lingerMs: 0,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  open.push(heed);
  return heed;
}

const key = newSigner();

function newSigner(): BundleSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex').slice(0, 16),
    publicKeySpkiBase64: spki.toString('base64'),
    sha256: (content) => Promise.resolve(createHash('sha256').update(content).digest('hex')),
    sign: (content) => Promise.resolve(sign(null, Buffer.from(content), privateKey).toString('base64')),
    isSignedBy: (content, signature) =>
      Promise.resolve(verify(null, Buffer.from(content), publicKey, Buffer.from(signature, 'base64'))),
  };
}

const rewrite = (state: string, to: string): BundleRewrite => ({
  state,
  text: to,
  fix: `fix-${state}`,
  share: 1,
});

async function bundleAnswer(
  version: number,
  rewrites: readonly BundleRewrite[],
  signer = key,
): Promise<Answer> {
  const content = bundleText({ format: 'heed.bundle.v1', tenant: 'default', rewrites, policies: {} });
  const signed = await signBundle('default', content, version, signer);
  return { status: 200, body: { ...signed, tenant: 'default', publicKey: signer.publicKeySpkiBase64 } };
}

function accepted(events: readonly { id: string }[]): Answer {
  return { status: 202, body: { results: events.map(({ id }) => ({ id, status: 'accepted' })) } };
}

describe('a bundle', () => {
  it('decides once it is there; until then a request stays as it is', async () => {
    const heed = client();
    expect(heed.decide({ text: 'A' })).toEqual({
      request: 'A',
      rewrite: null,
      fix: null,
      policies: {},
      bundle: '',
    });
    expect(await heed.ready).toBe('updated');
    expect(heed.decide({ text: 'A' })).toMatchObject({ rewrite: 'b', fix: 'fix-a' });
    expect(problems).toEqual([]);
  });

  it('is asked for by tenant, and by what is held already', async () => {
    const heed = client({ tenant: 'default' });
    await heed.ready;
    const { bundle } = heed.decide({ text: 'a' });
    onBundle = () => ({ status: 304 });
    expect(await heed.refresh()).toBe('unchanged');
    expect(requests.map(({ headers }) => headers['heed-tenant'])).toEqual(['default', 'default']);
    expect(requests[1]?.headers['if-none-match']).toBe(`"${bundle}"`);
    expect(heed.decide({ text: 'a' }).rewrite).toBe('b');
  });

  it('is replaced by the next one', async () => {
    const heed = client();
    await heed.ready;
    onBundle = () => bundleAnswer(2, []);
    expect(await heed.refresh()).toBe('updated');
    expect(heed.decide({ text: 'a' }).rewrite).toBeNull();
  });

  it('goes on deciding when the service is gone, and the application is told', async () => {
    const heed = client();
    await heed.ready;
    await stop();
    expect(await heed.refresh()).toBe('kept');
    expect(heed.decide({ text: 'a' }).rewrite).toBe('b');
    expect(problems.map(({ code }) => code)).toEqual(['bundle-unavailable']);
  });

  it.each<[string, string, () => Promise<Answer> | Answer]>([
    ['signed by another key', 'bundle-signature-invalid', () => bundleAnswer(2, [], newSigner())],
    ['older than the one held', 'bundle-older', () => bundleAnswer(0, [])],
    ['that is no bundle', 'bundle-unavailable', () => ({ status: 200, body: { hello: 'world' } })],
    ['answered with an error', 'bundle-unavailable', () => ({ status: 500, body: { code: 'internal' } })],
    [
      'changed on the way',
      'bundle-hash-mismatch',
      async () => {
        const { status, body } = await bundleAnswer(2, [rewrite('a', 'c')]);
        return { status, body: { ...(body as object), content: '{}' } };
      },
    ],
  ])('%s is refused, and the last good one kept', async (_, code, answer) => {
    const heed = client();
    await heed.ready;
    onBundle = answer;
    expect(await heed.refresh()).toBe('kept');
    expect(heed.decide({ text: 'a' }).rewrite).toBe('b');
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('older than the application saw before it restarted is refused, and a newer one is not', async () => {
    onBundle = () => bundleAnswer(6, [rewrite('a', 'taken back')]);
    const heed = client({ minVersion: 7 });
    expect(await heed.ready).toBe('kept');
    expect(heed.decide({ text: 'a' }).rewrite).toBeNull();
    expect(heed.bundleVersion).toBe(7);
    expect(problems.map(({ code }) => code)).toEqual(['bundle-older']);
    onBundle = () => bundleAnswer(8, []);
    expect(await heed.refresh()).toBe('updated');
    expect(heed.bundleVersion).toBe(8);
  });

  it.each([
    ['is not replaced by what was published before that', key, 5, 'kept', 5],
    ['does not count when another key signed it', newSigner(), 5, 'updated', 3],
  ] as const)(
    'that is current again under a later version %s',
    async (_, signer, version, outcome, known) => {
      onBundle = () => bundleAnswer(1, [rewrite('a', 'b')]);
      const heed = client();
      await heed.ready;
      const { signature } = (await bundleAnswer(version, [rewrite('a', 'b')], signer)).body as {
        signature: string;
      };
      const headers = { 'heed-bundle-version': String(version), 'heed-bundle-signature': signature };
      onBundle = () => ({ status: 304, headers });
      expect(await heed.refresh()).toBe('unchanged');
      onBundle = () => bundleAnswer(3, [rewrite('a', 'between')]);
      expect(await heed.refresh()).toBe(outcome);
      expect(heed.bundleVersion).toBe(known);
    },
  );

  it('of another key than the pinned one is refused from the start', async () => {
    const heed = client({ publicKey: newSigner().publicKeySpkiBase64 });
    expect(await heed.ready).toBe('kept');
    expect(heed.decide({ text: 'a' }).rewrite).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['bundle-signature-invalid']);
  });

  it('of the pinned key is served', async () => {
    const heed = client({ publicKey: key.publicKeySpkiBase64 });
    expect(await heed.ready).toBe('updated');
  });

  it('is not served under a pinned key that is none, and the message says so', async () => {
    const heed = client({ publicKey: 'oops' });
    expect(await heed.ready).toBe('kept');
    expect(problems.map(({ code }) => code)).toEqual(['public-key-unusable']);
    expect(problems[0]?.message).toContain('public key');
  });

  it('from a file is verified by the same rules', async () => {
    const { body } = await bundleAnswer(1, [rewrite('a', 'b')]);
    const bundle = body as Parameters<typeof verifyBundle>[0];
    expect((await verifyBundle(bundle, 'default', key.publicKeySpkiBase64)).ok).toBe(true);
    expect((await verifyBundle(bundle, 'default', newSigner().publicKeySpkiBase64)).ok).toBe(false);
  });

  it('keeps whoever is in a canary in it: the user, else the session', async () => {
    onBundle = () => bundleAnswer(1, [{ ...rewrite('a', 'b'), share: 0.5 }]);
    const heed = client();
    await heed.ready;
    const rewrites = (who: (unit: string) => object): (string | null)[] =>
      Array.from({ length: 50 }, (_, i) => heed.decide({ text: 'a', ...who(`u${i}`) }).rewrite);
    const byUser = rewrites((user) => ({ user, session: 'another' }));
    expect(byUser).toEqual(rewrites((session) => ({ session })));
    expect(new Set(byUser)).toEqual(new Set(['b', null]));
  });

  it('decides by the interpretation of the application', async () => {
    onBundle = () => bundleAnswer(1, [rewrite('play{song=x}', 'play y')]);
    const heed = client();
    await heed.ready;
    const interpretation = { intent: 'play', slots: { song: 'x' } };
    expect(heed.decide({ text: 'anything', interpretation }).rewrite).toBe('play y');
  });
});

describe('events', () => {
  const turn = (session: string): Parameters<Heed['emit']>[0] => ({
    type: 'heed.turn.v1',
    session,
    data: { turn: 't-1', request: { text: 'a' } },
  });

  it('arrive as CloudEvents, with what the decision did', async () => {
    const received: { readonly id: string; readonly time: string }[] = [];
    onEvents = (events) => {
      received.push(...events);
      return accepted(events);
    };
    const heed = client({ source: '/search' });
    await heed.ready;
    const data = { turn: 't-1', request: { text: 'a' }, ...served(heed.decide({ text: 'a' })) };
    const id = heed.emit({ type: 'heed.turn.v1', session: 's-1', data });
    expect(await heed.flush()).toBe(0);
    expect(received).toEqual([
      {
        specversion: '1.0',
        id,
        source: '/search',
        type: 'heed.turn.v1',
        subject: 's-1',
        time: received[0]?.time,
        datacontenttype: 'application/json',
        data: { turn: 't-1', request: { text: 'a' }, served: { fix: 'fix-a', text: 'b' } },
      },
    ]);
    expect(Date.parse(received[0]?.time ?? '')).not.toBeNaN();
    expect(requests.at(-1)?.headers['content-type']).toBe('application/cloudevents-batch+json');
  });

  it('survive a service that is busy or broken at first: the same ids come again until they are durable', async () => {
    const attempts: string[][] = [];
    onEvents = (events) => {
      attempts.push(events.map(({ id }) => id));
      if (attempts.length === 1) return { status: 429, headers: { 'retry-after': '0' } };
      if (attempts.length === 2) return { status: 503 };
      return accepted(events);
    };
    const heed = client({ random: () => 0 });
    const ids = [heed.emit(turn('s-1')), heed.emit(turn('s-2'))];
    expect(await heed.flush()).toBe(0);
    expect(attempts).toEqual([ids, ids, ids]);
    expect(problems.map(({ code }) => code)).toEqual(['events-delayed', 'events-delayed']);
  });

  it('that could not be sent before close() are told, not dropped in silence', async () => {
    await stop();
    const heed = client();
    await heed.ready;
    heed.emit(turn('s-1'));
    await heed.close(50);
    expect(problems.at(-1)?.code).toBe('events-lost');
    expect(problems.at(-1)?.message).toContain('1 events');
  });
});
