import { describe, expect, it } from 'vitest';
import { refuseForeign } from './local-requests.ts';

const local = { host: '127.0.0.1:8585' };
const json = { 'content-type': 'application/json', 'content-length': '2' };

const codeOf = (headers: Record<string, string>, url = '/v1/mine'): unknown => {
  try {
    refuseForeign({ url, headers });
    return 'taken';
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? fault.code : fault;
  }
};

describe('refuseForeign', () => {
  it.each(['127.0.0.1', '127.0.0.1:8585', 'localhost:1', 'LOCALHOST', '[::1]:8585'])(
    'takes host %s',
    (host) => {
      expect(codeOf({ host })).toBe('taken');
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:8585',
    '127.0.0.1@evil.example',
    '',
  ])('refuses host %j: a name somebody else lets point here', (host) => {
    expect(codeOf({ host })).toBe('foreign-origin');
  });

  it('refuses a request that names no host', () => {
    expect(codeOf({})).toBe('foreign-origin');
  });

  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:5173'])(
    'takes origin %s',
    (origin) => {
      expect(codeOf({ ...local, ...json, origin })).toBe('taken');
    },
  );

  it.each([
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'null',
    'file://',
    'http://localhost.evil.example',
  ])('refuses origin %s, whatever the route', (origin) => {
    expect(codeOf({ ...local, ...json, origin }, '/v1/events')).toBe('foreign-origin');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'refuses a body of type %j, which a page may send without asking',
    (type) => {
      expect(codeOf({ ...local, 'content-type': type, 'content-length': '2' })).toBe(
        'unsupported-media-type',
      );
      expect(codeOf({ ...local, 'content-type': type, 'transfer-encoding': 'chunked' })).toBe(
        'unsupported-media-type',
      );
    },
  );

  it('takes JSON with parameters, no body at all, and leaves the types of events and traces to their routes', () => {
    expect(codeOf({ ...local, ...json, 'content-type': 'application/json; charset=utf-8' })).toBe('taken');
    expect(codeOf({ ...local, 'content-length': '0' })).toBe('taken');
    expect(codeOf({ ...local, ...json, 'content-type': 'text/plain' }, '/v1/events?x=1')).toBe('taken');
    expect(codeOf({ ...local, ...json, 'content-type': 'application/x-protobuf' }, '/v1/traces')).toBe(
      'taken',
    );
    expect(codeOf({ ...local, ...json, 'content-type': 'text/plain' }, '/v1/eventsx')).toBe(
      'unsupported-media-type',
    );
  });
});
