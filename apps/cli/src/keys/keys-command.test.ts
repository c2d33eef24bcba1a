import type { CreatedKey, KeyView } from '@heed/contract';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHeed, type CliRun } from '../testing/fake-shell.ts';

const view: KeyView = {
  id: '0123456789abcdef',
  kind: 'browser',
  tenant: 'shop',
  name: 'pages',
  status: 'active',
  origins: ['https://shop.example'],
  requestsPerSecond: null,
  created: { at: '2026-03-01T09:00:00.000Z', who: 'ada', why: '' },
  revoked: null,
};
const created: CreatedKey = { ...view, key: `heed_browser_${view.id}_${'s'.repeat(43)}` };

interface Asked {
  readonly route: string;
  readonly tenant: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

let server: Server;
let url: string;
let asked: Asked[];
let folder: string;
beforeEach(async () => {
  asked = [];
  folder = await mkdtemp(join(tmpdir(), 'heed-keys-'));
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { authorization, 'heed-tenant': tenant } = request.headers;
      const route = `${request.method ?? ''} ${request.url ?? ''}`;
      if (route !== 'GET /health/live') {
        asked.push({
          route,
          tenant: tenant === undefined ? undefined : String(tenant),
          authorization,
          body: body === '' ? undefined : (JSON.parse(body) as unknown),
        });
      }
      const answers: Record<string, unknown> = {
        'GET /v1/keys': { keys: [view] },
        'POST /v1/keys': created,
        [`POST /v1/keys/${view.id}/revoke`]: { ...view, status: 'revoked', revoked: view.created },
      };
      response.end(JSON.stringify(answers[route] ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rm(folder, { recursive: true });
});

const heed = (argv: readonly string[], env: Record<string, string> = {}): Promise<CliRun> =>
  runHeed([...argv, '--url', url], { cwd: folder, env });

describe('heed keys', () => {
  it('lists them', async () => {
    const { code, stdout } = await heed(['keys']);
    expect(code).toBe(0);
    expect(stdout).toContain(view.id);
    expect(stdout).toContain('https://shop.example');
  });

  it('makes one and prints it, with what to do with it', async () => {
    const { stdout } = await heed([
      ...['keys', 'create', 'browser', '--name', 'pages', '--rate', '50', '--why', 'we open'],
      ...['--origin', 'https://shop.example', '--origin', 'https://www.shop.example'],
    ]);
    expect(stdout.split('\n')[0]).toBe(created.key);
    expect(stdout).toContain(`heed keys revoke ${view.id}`);
    expect(asked).toMatchObject([
      {
        route: 'POST /v1/keys',
        body: {
          kind: 'browser',
          name: 'pages',
          origins: ['https://shop.example', 'https://www.shop.example'],
          requestsPerSecond: 50,
          who: 'ada',
          why: 'we open',
        },
      },
    ]);
    const json = await heed(['keys', 'create', 'admin', '--all-tenants', '--json']);
    expect(JSON.parse(json.stdout)).toEqual(created);
    expect(asked[1]?.body).toEqual({ kind: 'admin', allTenants: true, who: 'ada' });
  });

  it('revokes one', async () => {
    const { stdout } = await heed(['keys', 'revoke', view.id, '--why', 'it leaked', '--who', 'bob']);
    expect(stdout).toContain('revoked');
    expect(asked[0]).toMatchObject({
      route: `POST /v1/keys/${view.id}/revoke`,
      body: { who: 'bob', why: 'it leaked' },
    });
  });

  it.each([['create owner'], ['create server --rate 0'], ['create server --rate many'], ['revoke']])(
    'refuses %s as wrong usage',
    async (words) => {
      expect((await heed(['keys', ...words.split(' ')])).code).toBe(2);
      expect(asked).toEqual([]);
    },
  );
});

describe('a key for the service', () => {
  it('comes from the option, else from the environment, and decides about the tenant unless that was named', async () => {
    await heed(['keys', '--key', 'typed'], { HEED_KEY: 'of-environment' });
    await heed(['keys'], { HEED_KEY: 'of-environment' });
    await heed(['keys', '--tenant', 'shop'], { HEED_KEY: 'of-environment' });
    await heed(['keys'], { HEED_KEY: 'of-environment', HEED_TENANT: 'shop' });
    await heed(['keys']);
    expect(asked.map(({ tenant, authorization }) => [tenant, authorization])).toEqual([
      [undefined, 'Bearer typed'],
      [undefined, 'Bearer of-environment'],
      ['shop', 'Bearer of-environment'],
      ['shop', 'Bearer of-environment'],
      ['default', undefined],
    ]);
  });

  it('lies in the folder that the service runs on, and one that was given goes before it', async () => {
    await writeFile(
      join(folder, 'heed.service.json'),
      JSON.stringify({ pid: process.pid, url, version: '1', key: 'of-folder' }),
    );
    await runHeed(['keys', '--data', folder]);
    await runHeed(['keys', '--data', folder, '--key', 'typed']);
    expect(asked.map(({ tenant, authorization }) => [tenant, authorization])).toEqual([
      ['default', 'Bearer of-folder'],
      [undefined, 'Bearer typed'],
    ]);
  });
});
