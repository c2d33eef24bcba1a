import { tenantId } from '@heed/kernel';
import { deciderSpec } from '@heed/testing';
import { describe, expect, it } from 'vitest';
import { apiKeyId, KEY_KINDS, type ApiKeyCommand, type NewApiKey } from './api-key.ts';
import { decideApiKey } from './decide-api-key.ts';
import { evolveApiKey, initialApiKey } from './evolve-api-key.ts';

const spec = deciderSpec({ decide: decideApiKey, evolve: evolveApiKey, initialState: initialApiKey });

const ada = { atMs: 1000, who: 'ada', why: 'the shop opens' };
const bob = { atMs: 2000, who: 'bob', why: 'it leaked' };
const server: NewApiKey = {
  id: apiKeyId('0123456789abcdef'),
  kind: 'server',
  tenant: tenantId('acme'),
  name: 'shop',
  origins: [],
  requestsPerSecond: null,
  hash: 'a'.repeat(64),
};
const browser: NewApiKey = { ...server, kind: 'browser', origins: ['https://shop.example'] };
const created = { kind: 'api-key-created', key: server, ...ada } as const;
const revoked = { kind: 'api-key-revoked', ...bob } as const;
const create = (key: NewApiKey): ApiKeyCommand => ({ kind: 'create', key, ...ada });
const revoke = { kind: 'revoke', ...bob } as const;

describe('creating a key', () => {
  it.each(KEY_KINDS)('of kind %s for a tenant', (kind) => {
    const key = { ...(kind === 'browser' ? browser : server), kind };
    spec
      .given([])
      .when(create(key))
      .then([{ kind: 'api-key-created', key, ...ada }]);
  });

  it('happens once: what a key may do never changes', () => {
    spec.given([created]).when(create(browser)).thenRefused('api-key-taken');
    spec.given([created, revoked]).when(create(server)).thenRefused('api-key-taken');
  });

  it.each(KEY_KINDS.filter((kind) => kind !== 'admin'))(
    'of kind %s for all tenants is refused; an admin key may',
    (kind) => {
      spec
        .given([])
        .when(create({ ...browser, kind, tenant: null }))
        .thenRefused('api-key-not-allowed');
      const key = { ...server, kind: 'admin', tenant: null } as const;
      spec
        .given([])
        .when(create(key))
        .then([{ kind: 'api-key-created', key, ...ada }]);
    },
  );

  it('of a browser needs origins, and no other kind takes any', () => {
    spec
      .given([])
      .when(create({ ...browser, origins: [] }))
      .thenRefused('api-key-not-allowed');
    for (const kind of ['server', 'analyst', 'admin'] as const) {
      spec
        .given([])
        .when(create({ ...browser, kind }))
        .thenRefused('api-key-not-allowed');
    }
  });

  it.each([
    'https://shop.example',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'http://[::1]:5173',
    'https://a-b.c.example:8443',
  ])('takes the origin %s', (origin) => {
    const key = { ...browser, origins: [origin] };
    spec
      .given([])
      .when(create(key))
      .then([{ kind: 'api-key-created', key, ...ada }]);
  });

  it.each([
    '*',
    'null',
    'shop.example',
    'https://shop.example/',
    'https://shop.example/shop',
    'https://Shop.example',
    'https://shop.example:443',
    'http://shop.example:80',
    'https://*.example',
    'https://ada@shop.example',
    'file://',
    'https://shop.example\r\nx: y',
    '',
  ])('refuses %j, which no browser sends as an origin', (origin) => {
    spec
      .given([])
      .when(create({ ...browser, origins: ['https://fine.example', origin] }))
      .thenRefused('api-key-not-allowed');
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a rate of %d', (requestsPerSecond) => {
    spec
      .given([])
      .when(create({ ...server, requestsPerSecond }))
      .thenRefused('api-key-not-allowed');
  });
});

describe('revoking a key', () => {
  it('takes it back for good', () => {
    spec.given([created]).when(revoke).then([revoked]);
  });

  it('again changes nothing', () => {
    spec
      .given([created, revoked])
      .when({ ...revoke, who: 'eve' })
      .then([]);
  });

  it('that nobody created is refused', () => {
    spec.given([]).when(revoke).thenRefused('api-key-unknown');
  });
});

describe('a key', () => {
  it('says who made it and who took it back, and why', () => {
    expect([created, revoked].reduce(evolveApiKey, initialApiKey)).toEqual({
      ...server,
      status: 'revoked',
      created: ada,
      revoked: bob,
    });
    expect(evolveApiKey(initialApiKey, created)).toMatchObject({ status: 'active', revoked: null });
  });

  it('whose history does not begin with its creation is a fault, and so is a second beginning', () => {
    expect(() => evolveApiKey(initialApiKey, revoked)).toThrow(/begins with 'api-key-revoked'/);
    const before = [created, revoked].reduce(evolveApiKey, initialApiKey);
    expect(() => evolveApiKey(before, created)).toThrow(/a second 'api-key-created' while it is revoked/);
  });
});
