import { createdKey, problem } from '@heed/contract';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { heedJson, startService, type Service } from './run-heed.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'heed-front-door-'));
let service: Service;

beforeAll(async () => {
  service = await startService(dataDir);
});
afterAll(async () => {
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const ask = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> => fetch(service.url + path, { method, headers });

it('says at its address what it is and where to read on, and all of that is there', async () => {
  const places: unknown = await (await ask('GET', '/')).json();
  expect(places).toEqual({
    service: 'heed',
    docs: '/docs',
    openapi: '/docs-json',
    health: '/health/ready',
    metrics: '/metrics',
  });
  for (const place of ['/docs', '/docs-json', '/health/ready', '/metrics'])
    expect({ place, status: (await ask('GET', place)).status }).toEqual({ place, status: 200 });
});

it('answers HEAD where it answers GET, with the head alone', async () => {
  for (const path of ['/', '/health/live', '/v1/fixes', '/v1/lag']) {
    const [head, get] = [await ask('HEAD', path), await ask('GET', path)];
    expect({ path, status: head.status, body: await head.text() }).toEqual({
      path,
      status: get.status,
      body: '',
    });
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  }
});

it('answers OPTIONS where a page may ask, and says elsewhere what a path takes', async () => {
  expect((await ask('OPTIONS', '/v1/events')).status).toBe(204);
  const refused = await ask('OPTIONS', '/v1/fixes');
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(problem.parse(await refused.json()).code).toBe('method-not-allowed');
});

it('takes the keys of a tenant back when the tenant is removed', async () => {
  const options = ['--url', service.url];
  const operator = await heedJson(createdKey, ['keys', 'create', 'admin', '--all-tenants', ...options]);
  const as = { authorization: `Bearer ${operator.key}`, 'content-type': 'application/json' };
  const keyOf = async (tenant: string): Promise<string> => {
    const body = JSON.stringify({ kind: 'server' });
    const made = await fetch(`${service.url}/v1/keys`, {
      method: 'POST',
      headers: { ...as, 'heed-tenant': tenant },
      body,
    });
    return createdKey.parse(await made.json()).key;
  };
  const [gone, kept] = [await keyOf('gone'), await keyOf('kept')];
  const statusWith = async (key: string): Promise<number> =>
    (await ask('GET', '/v1/lag', { authorization: `Bearer ${key}` })).status;
  expect([await statusWith(gone), await statusWith(kept)]).toEqual([200, 200]);
  expect((await ask('DELETE', '/v1/tenants/gone', { authorization: `Bearer ${operator.key}` })).status).toBe(
    200,
  );
  expect([await statusWith(gone), await statusWith(kept), await statusWith(operator.key)]).toEqual([
    401, 200, 200,
  ]);
});
