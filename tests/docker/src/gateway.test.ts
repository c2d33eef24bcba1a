import { mkdtempSync, rmSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '@heed/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBareGateway } from './bare-gateway.ts';
import { BareNetwork } from './bare-network.ts';
import type { BareProcess } from './bare-process.ts';
import { readCompose } from './compose.ts';
import { freshSecrets } from './fresh-secrets.ts';

const PAGE = 'https://shop.example';
const READABLE = {
  'access-control-allow-origin': PAGE,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
};

describe('what the gateway answers by itself, while nothing of Heed can be reached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-gateway-'));
  const network = new BareNetwork();
  let gateway: BareProcess;
  let url: string;

  beforeAll(async () => {
    await chmod(folder, 0o755);
    const { services } = await readCompose('compose.cluster.yaml', await freshSecrets());
    for (const name of ['gateway', 'collector', 'learner', 'control']) network.address(name);
    if (services['gateway'] === undefined) throw new Error('there is no service gateway');
    gateway = await startBareGateway(services['gateway'], network, folder);
    url = `http://${network.address('gateway')}:8585`;
  });

  afterAll(async () => {
    await gateway.stop('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (body: string | Buffer<ArrayBuffer>, headers = { origin: PAGE }): Promise<Response> =>
    fetch(`${url}/v1/events?key=heed_browser_none`, { method: 'POST', body, headers });

  it('says that Heed cannot be reached in words that a page can read', async () => {
    const answer = await send('[]');
    expect(answer.status).toBe(503);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...READABLE,
      'content-type': 'application/problem+json',
      'access-control-expose-headers': 'Retry-After',
      'retry-after': '5',
    });
    const { code, status, remedy } = problem.parse(await answer.json());
    expect({ code, status }).toEqual({ code: 'process-unreachable', status: 503 });
    expect(remedy).toContain('Send again');
  });

  it('says that a body is too large in words that a page can read', async () => {
    const answer = await send(Buffer.alloc(64 * 1024 * 1024 + 1, 32));
    expect(answer.status).toBe(413);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...READABLE,
      'content-type': 'application/problem+json',
    });
    const { code, status, remedy } = problem.parse(await answer.json());
    expect({ code, status }).toEqual({ code: 'body-too-large', status: 413 });
    expect(remedy).toContain('smaller');
  });

  it('lets a page ask for it: a browser sends nothing, and tells its page nothing, after a refused question', async () => {
    const asked = await fetch(`${url}/v1/events`, {
      method: 'OPTIONS',
      headers: {
        origin: PAGE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      ...READABLE,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization,content-type',
    });
    expect(asked.headers.get('access-control-max-age')).toBeNull();
  });

  it('answers such questions for events alone, and repeats no header that is none', async () => {
    const ask = (path: string, wanted: string): Promise<Response> =>
      fetch(url + path, {
        method: 'OPTIONS',
        headers: { origin: PAGE, 'access-control-request-headers': wanted },
      });
    for (const path of ['/v1/keys', '/v1/mine', '/v1/events/x'])
      expect((await ask(path, 'a')).status, path).toBe(503);
    const odd = await ask('/v1/events', 'a: b');
    expect([odd.status, odd.headers.get('access-control-allow-headers')]).toEqual([204, null]);
  });

  it('says nothing of origins to what is no page', async () => {
    const answer = await fetch(`${url}/v1/status`);
    expect(answer.status).toBe(503);
    expect([...answer.headers.keys()].filter((name) => /allow-(?:origin|credentials)/u.test(name))).toEqual(
      [],
    );
  });
});
