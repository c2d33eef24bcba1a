import 'reflect-metadata';
import { problem } from '@heed/contract';
import { tenantId, type TenantId } from '@heed/kernel';
import { apiKeyEventToStored, type ApiKeyEvent, type NewApiKey } from '@heed/policies';
import { inMemoryEventStore } from '@heed/testing';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpAdapter } from '../http-adapter.ts';
import { jsonLog, nestLogger } from '../log.ts';
import { ProblemFilter } from '../problem-filter.ts';
import { Tenant } from '../tenant.ts';
import { BoundTo, CallerName } from './caller.ts';
import { guardEdge, type EdgeOptions } from './guard-edge.ts';
import { apiKeyStreamOf, KeyRing } from './key-ring.ts';
import { freshKey, type FreshKey } from './key-text.ts';
import { LeastRole, ROLES, type Role } from './role.ts';

interface Seen {
  readonly tenant: string;
  readonly boundTo: string | null;
  readonly caller: string;
}

@Controller()
class Routes {
  @Post('v1/events')
  @LeastRole('browser')
  events(
    @Tenant() tenant: TenantId,
    @BoundTo() boundTo: TenantId | null,
    @CallerName() caller: string,
  ): Seen {
    return { tenant, boundTo, caller };
  }

  @Get('server')
  @LeastRole('server')
  server(
    @Tenant() tenant: TenantId,
    @BoundTo() boundTo: TenantId | null,
    @CallerName() caller: string,
  ): Seen {
    return { tenant, boundTo, caller };
  }

  @Get('analyst')
  @LeastRole('analyst')
  analyst(): string {
    return 'yes';
  }

  @Get('admin')
  @LeastRole('admin')
  admin(): string {
    return 'yes';
  }

  @Get('undeclared')
  undeclared(): string {
    return 'yes';
  }

  @Get('health')
  @LeastRole('nobody')
  health(): string {
    return 'yes';
  }
}

@Module({ controllers: [Routes] })
class RoutesModule {}

const silent = jsonLog('silent', () => undefined);
const SHOP = 'https://shop.example';
const LOCAL = { host: '127.0.0.1:8585' };

let store: ReturnType<typeof inMemoryEventStore>;
let ring: KeyRing;
let nowMs: number;
let owner: FreshKey;
const apps: NestFastifyApplication[] = [];
beforeEach(async () => {
  store = inMemoryEventStore();
  owner = freshKey('admin');
  ring = await KeyRing.open(store, owner);
  nowMs = 0;
});
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function start(options: Partial<EdgeOptions> = {}): Promise<NestFastifyApplication> {
  const adapter = httpAdapter(1000);
  const clock = { nowMs: () => nowMs };
  guardEdge(adapter, { ring, clock, alwaysNeedsKey: false, requestsPerSecond: 1000, ...options });
  const app = await NestFactory.create<NestFastifyApplication>(RoutesModule, adapter, {
    bodyParser: false,
    logger: nestLogger(silent),
  });
  app.useGlobalFilters(new ProblemFilter(silent));
  await app.init();
  apps.push(app);
  return app;
}

async function make(facts: Partial<NewApiKey> = {}): Promise<FreshKey> {
  const fresh = freshKey(facts.kind ?? 'server');
  const { id, hash } = fresh;
  const rest = { name: '', origins: facts.kind === 'browser' ? [SHOP] : [], requestsPerSecond: null };
  const key = { kind: 'server', tenant: tenantId('acme'), ...rest, ...facts, id, hash } as const;
  await tell(fresh, { kind: 'api-key-created', key, atMs: 0, who: 'ada', why: '' });
  return fresh;
}

const revoke = (key: FreshKey): Promise<void> =>
  tell(key, { kind: 'api-key-revoked', atMs: 0, who: 'ada', why: '' });

async function tell({ id }: FreshKey, event: ApiKeyEvent): Promise<void> {
  const stream = apiKeyStreamOf(id);
  const { length } = await store.load(stream);
  await store.append(stream, length, [apiKeyEventToStored(event)], 0);
  await ring.refresh();
}

type Answer = Awaited<ReturnType<NestFastifyApplication['inject']>>;
const bearer = ({ text }: FreshKey): Record<string, string> => ({ authorization: `Bearer ${text}` });
const codeOf = ({ body }: Answer): string => problem.parse(JSON.parse(body)).code;
const get = (app: NestFastifyApplication, url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers: { ...LOCAL, ...headers } });
const post = (app: NestFastifyApplication, headers: Record<string, string> = {}, url = '/v1/events') =>
  app.inject({ method: 'POST', url, headers: { ...LOCAL, ...headers } });

describe('without a key in the store', () => {
  it('everything is open to this machine, for the tenant that is named, and nobody else', async () => {
    const app = await start();
    expect((await get(app, '/server', { 'heed-tenant': 'shop' })).json<Seen>()).toEqual({
      tenant: 'shop',
      boundTo: null,
      caller: 'api',
    });
    expect((await get(app, '/undeclared')).statusCode).toBe(200);
    expect(codeOf(await get(app, '/server', { host: 'evil.example' }))).toBe('foreign-origin');
    expect(codeOf(await post(app, { origin: 'https://evil.example' }))).toBe('foreign-origin');
  });

  it('a page of this machine may send events and read the answer', async () => {
    const app = await start();
    const origin = 'http://localhost:3000';
    expect((await post(app, { origin })).headers['access-control-allow-origin']).toBe(origin);
    const evil = await post(app, { origin: 'https://evil.example' });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('a key that is not of this Heed is refused all the same, and credentials for others are left alone', async () => {
    const app = await start();
    expect(codeOf(await get(app, '/server', bearer(freshKey('server'))))).toBe('key-refused');
    expect((await get(app, '/server', { authorization: 'Basic YWRhOng=' })).statusCode).toBe(200);
  });

  it('an address that others reach answers nobody but the owner', async () => {
    const app = await start({ alwaysNeedsKey: true });
    expect(codeOf(await get(app, '/server'))).toBe('key-missing');
    expect((await get(app, '/undeclared', { ...bearer(owner), host: 'heed.example' })).statusCode).toBe(200);
  });
});

describe('from the first key on', () => {
  const wrong = [
    ['none', () => ({}), 'key-missing'],
    ['one that was never made', () => bearer(freshKey('admin')), 'key-refused'],
    ['something else', () => ({ authorization: 'Bearer x' }), 'key-refused'],
  ] as const;

  it.each(wrong)('every request needs one: with %s it is refused', async (_, headers, code) => {
    const app = await start();
    await make();
    for (const url of ['/server', '/analyst', '/admin', '/undeclared', '/nowhere']) {
      const answer = await get(app, url, headers());
      expect([url, answer.statusCode, codeOf(answer)]).toEqual([url, 401, code]);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
    expect((await get(app, '/health', headers())).statusCode).toBe(200);
  });

  it('a revoked key, an unknown one and a wrong secret are told apart by nothing', async () => {
    const app = await start();
    const [revoked, good] = [await make(), await make()];
    await revoke(revoked);
    const wrongSecret = { authorization: `Bearer heed_server_${good.id}_${'A'.repeat(43)}` };
    const answers = await Promise.all(
      [bearer(revoked), bearer(freshKey('server')), wrongSecret].map((headers) =>
        get(app, '/server', headers),
      ),
    );
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
  });

  it('a revocation counts for the next request', async () => {
    const app = await start();
    const key = await make();
    expect((await get(app, '/server', bearer(key))).statusCode).toBe(200);
    await revoke(key);
    expect((await get(app, '/server', bearer(key))).statusCode).toBe(401);
  });

  it('the host may have any name: a page that guesses it has no key', async () => {
    const app = await start();
    const key = await make();
    const host = 'heed.example';
    expect((await get(app, '/server', { ...bearer(key), host })).statusCode).toBe(200);
    expect(codeOf(await get(app, '/server', { host }))).toBe('key-missing');
  });

  const routes = [
    ['browser', '/v1/events'],
    ['server', '/server'],
    ['analyst', '/analyst'],
    ['admin', '/admin'],
    ['operator', '/undeclared'],
  ] as const;
  const pairs = ROLES.filter((role) => role !== 'nobody').flatMap((role) =>
    routes.map(([least, url]) => ({ role, least, url })),
  );

  it.each(pairs)('$role key on a route for $least', async ({ role, least, url }) => {
    const app = await start();
    const key = await make(role === 'operator' ? { kind: 'admin', tenant: null } : { kind: role });
    const headers = { ...bearer(key), origin: SHOP };
    const answer = url === '/v1/events' ? await post(app, headers) : await get(app, url, headers);
    const may = (r: Role): number => ROLES.indexOf(r);
    if (may(role) >= may(least)) expect(answer.statusCode).toBeLessThan(300);
    else expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'role-too-low']);
  });

  it('a path that is nobody’s is told to any key', async () => {
    const app = await start();
    expect((await get(app, '/nowhere', bearer(await make()))).statusCode).toBe(404);
  });
});

describe('a tenant’s key', () => {
  it('works for its tenant, named or not, and for no other', async () => {
    const app = await start();
    const key = await make();
    const seen = { tenant: 'acme', boundTo: 'acme', caller: `key ${key.id}` };
    expect((await get(app, '/server', bearer(key))).json<Seen>()).toEqual(seen);
    expect((await get(app, '/server', { ...bearer(key), 'heed-tenant': 'acme' })).json<Seen>()).toEqual(seen);
    for (const url of ['/server', '/nowhere']) {
      const answer = await get(app, url, { ...bearer(key), 'heed-tenant': 'other' });
      expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'wrong-tenant']);
    }
  });

  it('of all tenants works for the one that is named, else for the default', async () => {
    const app = await start();
    const key = await make({ kind: 'admin', tenant: null });
    const named = await get(app, '/server', { ...bearer(key), 'heed-tenant': 'shop' });
    expect(named.json<Seen>()).toMatchObject({ tenant: 'shop', boundTo: null });
    expect((await get(app, '/server', bearer(key))).json<Seen>()).toMatchObject({ tenant: 'default' });
  });
});

describe('a browser key', () => {
  it('works from its origins alone', async () => {
    const app = await start();
    const key = await make({ kind: 'browser' });
    const good = await post(app, { ...bearer(key), origin: SHOP });
    expect(good.statusCode).toBe(201);
    expect(good.headers).toMatchObject({ 'access-control-allow-origin': SHOP, vary: 'origin' });
    for (const origin of [
      'https://evil.example',
      'https://shop.example.evil.example',
      'null',
      SHOP.toUpperCase(),
    ]) {
      const bad = await post(app, { ...bearer(key), origin });
      expect([bad.statusCode, codeOf(bad)]).toEqual([403, 'origin-refused']);
      expect(bad.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(codeOf(await post(app, bearer(key)))).toBe('origin-refused');
  });

  it('may stand in the address, where sendBeacon can put it, and no other key may', async () => {
    const app = await start();
    const key = await make({ kind: 'browser' });
    const beacon = await post(
      app,
      { origin: SHOP, 'content-type': 'text/plain' },
      `/v1/events?key=${key.text}`,
    );
    expect(beacon.json<Seen>()).toMatchObject({ tenant: 'acme' });
    const server = await make();
    const inAddress = await post(app, {}, `/v1/events?key=${server.text}`);
    expect([inAddress.statusCode, codeOf(inAddress)]).toEqual([401, 'key-in-address']);
    expect(inAddress.body).not.toContain(server.text);
  });

  it('has its page’s question answered before it is sent, with a key in the address or without', async () => {
    const app = await start();
    const key = await make({ kind: 'browser' });
    for (const url of ['/v1/events', `/v1/events?key=${key.text}`]) {
      const answer = await app.inject({
        method: 'OPTIONS',
        url,
        headers: {
          origin: SHOP,
          host: 'heed.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,ce-id',
        },
      });
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization,content-type,ce-id',
        vary: 'origin',
      });
    }
  });

  it('does not speak for pages of other origins, nor for other routes', async () => {
    const app = await start();
    await make({ kind: 'browser' });
    const ask = (url: string, origin: string): Promise<Answer> =>
      app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'POST' } });
    const evil = await ask('/v1/events', 'https://evil.example');
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
    const elsewhere = await ask('/server', SHOP);
    expect(elsewhere.statusCode).toBeGreaterThanOrEqual(400);
    expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('that was revoked is refused in a way that its page can read', async () => {
    const app = await start();
    const key = await make({ kind: 'browser' });
    await revoke(key);
    const answer = await post(app, { ...bearer(key), origin: SHOP });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'key-refused']);
    expect(answer.headers['access-control-allow-origin']).toBe(SHOP);
  });
});

describe('the rate of a key', () => {
  it('is its own, and beyond it requests are refused until there is room again', async () => {
    const app = await start();
    const [slow, other] = [await make({ requestsPerSecond: 1 }), await make()];
    const statuses = async (key: FreshKey, times: number): Promise<number[]> => {
      const seen: number[] = [];
      for (let n = 0; n < times; n++) seen.push((await get(app, '/server', bearer(key))).statusCode);
      return seen;
    };
    expect(await statuses(slow, 4)).toEqual([200, 200, 429, 429]);
    expect(await statuses(other, 4)).toEqual([200, 200, 200, 200]);
    const refused = await get(app, '/server', bearer(slow));
    expect([codeOf(refused), refused.headers['retry-after']]).toEqual(['rate-limited', '1']);
    nowMs = 1000;
    expect(await statuses(slow, 2)).toEqual([200, 429]);
  });

  it('is that of the service when the key has none', async () => {
    const app = await start({ requestsPerSecond: 2 });
    const key = await make();
    for (let n = 0; n < 4; n++) expect((await get(app, '/server', bearer(key))).statusCode).toBe(200);
    expect((await get(app, '/server', bearer(key))).statusCode).toBe(429);
    expect((await get(app, '/server', bearer(owner))).statusCode).toBe(200);
  });
});
