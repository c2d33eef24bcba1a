import {
  createdKey,
  deadLetterList,
  fixList,
  ingestResponse,
  keyList,
  mineReport,
  problem,
  statusReport,
  type CreatedKey,
} from '@heed/contract';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { heed, heedJson, startService, type Service } from './run-heed.ts';
import { testVectorEvents } from './test-vector.ts';

const ROLES = ['nobody', 'browser', 'server', 'analyst', 'admin', 'operator'] as const;
type Role = (typeof ROLES)[number];
const KINDS = ['browser', 'server', 'analyst', 'admin'] as const;

const SHOP = 'https://shop.example';
/** Stands in every text of the tenant whose data nobody else may see. */
const SECRET = 'acmes-own-words';

const route = z.object({ 'x-heed-least-role': z.enum(ROLES) });
const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const dataDir = mkdtempSync(join(tmpdir(), 'heed-keys-'));
let service: Service;
let operator: CreatedKey;
afterAll(async () => {
  await service.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Headers = Readonly<Record<string, string>>;
const bearer = ({ key }: Pick<CreatedKey, 'key'>): Headers => ({
  authorization: `Bearer ${key}`,
  // A browser would say so by itself.
  ...(key.startsWith('heed_browser') && { origin: SHOP }),
});

async function call(method: string, path: string, headers: Headers = {}, body?: unknown): Promise<Response> {
  return fetch(service.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function answer<Shape>(shape: z.ZodType<Shape>, response: Promise<Response>): Promise<Shape> {
  const { status, text } = await response.then(async (of) => ({ status: of.status, text: await of.text() }));
  if (status >= 300) throw new Error(`${status}: ${text}`);
  return shape.parse(JSON.parse(text));
}

async function codeOf(response: Response): Promise<string> {
  return problem.parse(await response.json()).code;
}

const create = (headers: Headers, facts: object): Promise<CreatedKey> =>
  answer(createdKey, call('POST', '/v1/keys', headers, facts));

const turn = (id: string): Record<string, unknown> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'heed.turn.v1',
  subject: `session-of-${id}`,
  time: new Date(Date.now() - 60_000).toISOString(),
  data: { turn: `turn-of-${id}`, request: { text: 'play jazz' } },
});

/** A key of each kind, of one tenant. */
async function keysOf(tenant: string, name = ''): Promise<Record<(typeof KINDS)[number], CreatedKey>> {
  const as = { ...bearer(operator), 'heed-tenant': tenant };
  const [browser, server, analyst, admin] = await Promise.all(
    KINDS.map((kind) => create(as, { kind, name, ...(kind === 'browser' && { origins: [SHOP] }) })),
  );
  if (!browser || !server || !analyst || !admin) throw new Error('each kind was made');
  return { browser, server, analyst, admin };
}

beforeAll(async () => {
  service = await startService(dataDir);
});

describe('a Heed without keys', () => {
  it('asks this machine for none, and pages of others stay out', async () => {
    expect((await call('GET', '/v1/fixes')).status).toBe(200);
    expect(await codeOf(await call('GET', '/v1/fixes', { origin: 'https://evil.example' }))).toBe(
      'foreign-origin',
    );
  });

  it('makes an admin key of all tenants first, or nobody could make the others', async () => {
    for (const facts of [{ kind: 'server' }, { kind: 'browser', origins: [SHOP] }, { kind: 'admin' }]) {
      const refused = await call('POST', '/v1/keys', {}, facts);
      expect(refused.status).toBe(409);
      expect(problem.parse(await refused.json())).toMatchObject({
        code: 'first-api-key',
        remedy: expect.stringContaining('heed keys create admin --all-tenants') as unknown,
      });
    }
    operator = await heedJson(createdKey, [
      ...['keys', 'create', 'admin', '--all-tenants', '--name', 'operations', '--url', service.url],
    ]);
    expect(operator.key).toMatch(/^heed_admin_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(operator).toMatchObject({ kind: 'admin', tenant: null, status: 'active', name: 'operations' });
    expect(await codeOf(await call('GET', '/v1/fixes'))).toBe('key-missing');
    expect((await call('GET', '/v1/fixes', bearer(operator))).status).toBe(200);
  });
});

describe('every route, with every kind of key', () => {
  let routes: readonly { readonly method: string; readonly path: string; readonly least: Role }[];
  let acme: Awaited<ReturnType<typeof keysOf>>;
  let other: Awaited<ReturnType<typeof keysOf>>;
  let empty: Awaited<ReturnType<typeof keysOf>>;
  let fix = '';
  let letter = '';

  /** What must be the same afterwards. */
  async function everythingOfAcme(): Promise<unknown> {
    const as = { ...bearer(operator), 'heed-tenant': 'acme' };
    const { tenants } = await answer(statusReport, call('GET', '/v1/status', as));
    const account = tenants.find(({ tenant }) => tenant === 'acme');
    return {
      account: [account?.accepted, account?.stored, account?.deadLettered],
      fixes: await answer(fixList, call('GET', '/v1/fixes', as)),
      letters: await answer(deadLetterList, call('GET', '/v1/dead-letters', as)),
      keys: (await answer(keyList, call('GET', '/v1/keys', as))).keys.filter(
        ({ tenant }) => tenant === 'acme',
      ),
    };
  }

  const at = (path: string, params: Readonly<Record<string, string>>): string =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? params['id'] ?? '0');

  beforeAll(async () => {
    const { paths } = openApi.parse(await (await call('GET', '/docs-json')).json());
    routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        method: method.toUpperCase(),
        path,
        least: route.parse(described, { error: () => `${method} ${path} declares no role` })[
          'x-heed-least-role'
        ],
      })),
    );
    [acme, other, empty] = [await keysOf('acme', SECRET), await keysOf('other'), await keysOf('empty')];
    const secrets = testVectorEvents().map((event) =>
      JSON.stringify(event).replaceAll('"text":"', `"text":"${SECRET} `),
    );
    const bad = JSON.stringify({ ...turn('bad'), type: `heed.${SECRET}.v1` });
    const sent = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: { ...bearer(acme.server), 'content-type': 'application/cloudevents-batch+json' },
      body: `[${[...secrets, bad].join()}]`,
    });
    expect(ingestResponse.parse(await sent.json()).results).toHaveLength(secrets.length + 1);
    for (;;) {
      const { tenants } = await answer(statusReport, call('GET', '/v1/status', bearer(acme.analyst)));
      if (tenants[0]?.lag === 0) break;
      await delay(20);
    }
    const gates = ['sessions=1', 'users=1', 'similarity=0'].flatMap((gate) => ['--gate', gate]);
    const mine = ['mine', ...gates, '--url', service.url, '--key', acme.analyst.key];
    fix = z.string().parse((await heedJson(mineReport, mine)).proposals[0]?.fix);
    const { deadLetters } = await answer(
      deadLetterList,
      call('GET', '/v1/dead-letters', bearer(acme.analyst)),
    );
    letter = z.string().parse(deadLetters[0]?.id);
  });

  it('is described with the least it takes', () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter(({ least }) => least === 'nobody').map(({ path }) => path)).toEqual([
      '/',
      '/health/live',
      '/health/ready',
    ]);
    expect(routes.filter(({ least }) => least === 'browser')).toEqual([
      { method: 'POST', path: '/v1/events', least: 'browser' },
    ]);
  });

  it('lets in who may and refuses who may not', async () => {
    const revoked = await create({ ...bearer(operator), 'heed-tenant': 'empty' }, { kind: 'admin' });
    expect((await call('POST', `/v1/keys/${revoked.id}/revoke`, bearer(operator), {})).status).toBe(200);
    const swapped = { key: empty.server.key.replace('heed_server', 'heed_admin') };
    const nobodies: readonly (readonly [string, Headers])[] = [
      ['key-missing', {}],
      ['key-refused', bearer(revoked)],
      ['key-refused', bearer(swapped)],
      ['key-refused', bearer({ key: empty.admin.key.slice(0, -1) })],
      ['key-refused', { authorization: 'Bearer 1 OR 1=1' }],
    ];
    // Removing the tenant revokes its keys: that door is tried last.
    const isRemoval = ({ method, path }: (typeof routes)[number]): boolean =>
      method === 'DELETE' && path.includes('{tenant}');
    const inOrder = [...routes.filter((one) => !isRemoval(one)), ...routes.filter(isRemoval)];
    for (const { method, path, least } of inOrder) {
      const url = at(path, { tenant: 'empty' });
      const where = `${method} ${path}`;
      for (const [code, headers] of nobodies.slice(0, least === 'nobody' ? 0 : nobodies.length)) {
        const refused = await call(method, url, headers);
        if (headers['authorization'] === 'Bearer 1 OR 1=1') await refused.body?.cancel();
        else expect([where, refused.status, await codeOf(refused)]).toEqual([where, 401, code]);
        expect([where, refused.status]).toEqual([where, 401]);
      }
      const may: readonly (readonly [Role, CreatedKey])[] = [
        ...KINDS.map((kind) => [kind, empty[kind]] as const),
        ['operator', operator],
      ];
      for (const [role, key] of may) {
        // An empty body is enough to see whether the door opens; that of `empty` holds nothing that could be lost.
        const response = await call(method, url, bearer(key));
        if (ROLES.indexOf(role) < ROLES.indexOf(least)) {
          expect([where, role, response.status, await codeOf(response)]).toEqual([
            where,
            role,
            403,
            'role-too-low',
          ]);
        } else {
          await response.body?.cancel();
          expect([where, role, response.status]).toEqual([where, role, expect.toSatisfy(isNoRefusal)]);
        }
      }
    }
  });

  it("shows and changes nothing of another tenant's, named or not", async () => {
    const before = await everythingOfAcme();
    expect(JSON.stringify(before)).toContain(SECRET);
    // Everything in a path that could be acme's.
    const idsOf: Readonly<Record<string, string>> = {
      '/v1/fixes': fix,
      '/v1/dead-letters': letter,
      '/v1/keys': acme.server.id,
    };
    for (const { method, path } of routes.filter(({ least }) => least !== 'nobody')) {
      const [collection = ''] = /^\/v1\/[\w-]+/.exec(path) ?? [];
      const url = at(path, { tenant: 'acme', action: 'live', id: idsOf[collection] ?? '0123456789abcdef' });
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      for (const kind of KINDS) {
        const where = `${method} ${url} with a ${kind} key of other`;
        const named = await call(method, url, { ...bearer(other[kind]), 'heed-tenant': 'acme' }, body);
        expect([where, named.status]).toEqual([where, 403]);
        expect([where, await codeOf(named)]).toEqual([
          where,
          expect.toBeOneOf(['wrong-tenant', 'role-too-low']),
        ]);
        const unnamed = await call(method, url, bearer(other[kind]), body);
        const text = await unnamed.text();
        expect([where, text.includes(SECRET)]).toEqual([where, false]);
        const isAcmes = path.includes('{') && collection in idsOf;
        if (isAcmes) expect([where, unnamed.status]).toEqual([where, expect.toBeOneOf([403, 404])]);
      }
    }
    expect(await everythingOfAcme()).toEqual(before);
  });

  it('puts what a key sends into its own tenant', async () => {
    const before = await everythingOfAcme();
    const send = (key: CreatedKey, headers: Headers = {}): Promise<Response> =>
      call('POST', '/v1/events', { ...bearer(key), ...headers }, turn(`from-${key.id}`));
    for (const kind of KINDS) expect((await send(other[kind])).status).toBe(202);
    for (const kind of KINDS) expect((await send(other[kind], { 'heed-tenant': 'acme' })).status).toBe(403);
    expect(await everythingOfAcme()).toEqual(before);
    const { tenants } = await answer(statusReport, call('GET', '/v1/status', bearer(other.analyst)));
    expect(tenants.map(({ tenant }) => tenant)).toEqual(['other']);
    expect(tenants[0]?.accepted).toBeGreaterThanOrEqual(KINDS.length);
  });

  it("lets a tenant's admin make keys of the tenant and no others", async () => {
    expect(await create(bearer(other.admin), { kind: 'server' })).toMatchObject({ tenant: 'other' });
    const forAll = await call('POST', '/v1/keys', bearer(other.admin), { kind: 'admin', allTenants: true });
    expect([forAll.status, await codeOf(forAll)]).toEqual([403, 'role-too-low']);
    const { keys } = await answer(keyList, call('GET', '/v1/keys', bearer(other.admin)));
    expect(new Set(keys.map(({ tenant }) => tenant))).toEqual(new Set(['other']));
    const revoke = await call('POST', `/v1/keys/${operator.id}/revoke`, bearer(other.admin), {});
    expect([revoke.status, await codeOf(revoke)]).toEqual([404, 'api-key-unknown']);
  });

  it("removes no tenant but the admin's own", async () => {
    expect((await call('DELETE', '/v1/tenants/acme', bearer(other.admin))).status).toBe(403);
    expect((await call('DELETE', '/v1/tenants/nobody-ever', bearer(other.admin))).status).toBe(403);
    expect((await call('DELETE', '/v1/tenants/other', bearer(other.admin))).status).toBe(200);
  });

  it('works from a page by way of a beacon, and refuses its key the moment it is revoked', async () => {
    const key = await create(
      { ...bearer(operator), 'heed-tenant': 'empty' },
      { kind: 'browser', origins: [SHOP, 'http://localhost:3000'] },
    );
    const url = `/v1/events?key=${key.key}`;
    const question = await call('OPTIONS', url, {
      origin: SHOP,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    });
    expect([question.status, question.headers.get('access-control-allow-origin')]).toEqual([204, SHOP]);
    const beacon = (id: string): Promise<Response> =>
      call('POST', url, { origin: SHOP, 'content-type': 'text/plain;charset=UTF-8' }, turn(id));
    const sent = await beacon('beacon-1');
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([202, SHOP]);
    expect((await call('POST', url, { origin: 'https://evil.example' }, turn('beacon-2'))).status).toBe(403);
    const args = [
      'keys',
      'revoke',
      key.id,
      '--why',
      'it leaked',
      '--url',
      service.url,
      '--key',
      operator.key,
    ];
    expect((await heed(args)).code).toBe(0);
    expect((await beacon('beacon-3')).status).toBe(401);
    const inAddress = await call('POST', `/v1/events?key=${empty.server.key}`, {}, turn('x'));
    expect(await codeOf(inAddress)).toBe('key-in-address');
  });

  it('is slowed down by itself alone when a key sends too much', async () => {
    const as = { ...bearer(operator), 'heed-tenant': 'empty' };
    const slow = await create(as, { kind: 'server', requestsPerSecond: 1 });
    const another = await create(as, { kind: 'server' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => call('GET', '/v1/lag', bearer(slow))));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await call('GET', '/v1/lag', bearer(another))).status).toBe(200);
  });

  it('never writes a key anywhere but into the one answer', async () => {
    const all = [operator, ...Object.values(acme), ...Object.values(other)];
    const secrets = all.map(({ key }) => key.slice(-43));
    const list = await (await call('GET', '/v1/keys', bearer(operator))).text();
    for (const secret of secrets) {
      expect(list).not.toContain(secret);
      expect(service.printed()).not.toContain(secret);
    }
  });
});

describe('whoever owns the folder', () => {
  const serviceFile = join(dataDir, 'heed.service.json');

  it('needs no key on the machine: one of this start lies in the folder, for the owner alone to read', async () => {
    expect(statSync(serviceFile).mode & 0o777).toBe(0o600);
    const { keys } = await heedJson(keyList, ['keys', '--data', dataDir]);
    expect(keys.map(({ id }) => id)).toContain(operator.id);
    expect(keys.every((key) => !('hash' in key) && !('key' in key))).toBe(true);
  });

  it('keeps the keys over a restart, and the owner’s of the last start is worth nothing', async () => {
    const { key } = z.object({ key: z.string() }).parse(JSON.parse(readFileSync(serviceFile, 'utf8')));
    expect((await call('GET', '/v1/keys', bearer({ key }))).status).toBe(200);
    await service.stop();
    expect(existsSync(serviceFile)).toBe(false);
    // The service of one command opens for that command, and for nobody else.
    expect((await heedJson(keyList, ['keys', '--data', dataDir])).keys.length).toBeGreaterThan(0);
    service = await startService(dataDir);
    expect((await call('GET', '/v1/keys', bearer(operator))).status).toBe(200);
    expect(await codeOf(await call('GET', '/v1/keys', bearer({ key })))).toBe('key-refused');
    expect(await codeOf(await call('GET', '/v1/keys'))).toBe('key-missing');
  });

  it('is told by the command what to do when it lacks a key', async () => {
    const { code, stderr } = await heed(['fixes', '--url', service.url]);
    expect(code).toBe(1);
    expect(stderr).toContain('HEED_KEY');
  });
});

describe('a Heed on an address that others reach', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-reached-'));
  let reached: Service;
  beforeAll(async () => {
    // Of this machine as well, but not one of the two that Heed trusts.
    reached = await startService(folder, ['--no-demo', '--host', '127.0.0.2']);
  });
  afterAll(async () => {
    await reached.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers nobody without a key from the start, and says how to make the first', async () => {
    expect((await fetch(`${reached.url}/v1/fixes`)).status).toBe(401);
    expect((await fetch(`${reached.url}/health/ready`)).status).toBe(200);
    expect(reached.printed()).toContain(`heed keys create admin --all-tenants --data ${folder}`);
    expect(reached.printed()).not.toContain('heed_admin_');
  });

  it('opens for the key that is made on the folder, under whatever name it is called', async () => {
    const { key } = await heedJson(createdKey, [
      'keys',
      'create',
      'admin',
      '--all-tenants',
      '--data',
      folder,
    ]);
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}`, host: 'heed.example' };
      request(`${reached.url}/v1/fixes`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });
});

/** Past the door; what then becomes of an empty request is not the point, as long as it is answered. */
function isNoRefusal(status: unknown): boolean {
  return typeof status === 'number' && status < 500 && status !== 401 && status !== 403;
}
