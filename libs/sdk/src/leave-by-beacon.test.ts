import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leaveByBeacon, type LeaveOptions } from './leave-by-beacon.ts';
import type { OutboxEntry } from './outbox-storage.ts';

const BROWSER_BYTES = 65_536;
let beacons: { url: string; body: string }[];
let fetched: { url: string; init: RequestInit }[];

/** A browser that takes so many bytes from a page that ends. */
function browserWithRoomFor(bytes: number): void {
  let room = bytes;
  vi.stubGlobal('navigator', {
    sendBeacon: (url: string, body: string) => {
      if (body.length > room) return false;
      room -= body.length;
      beacons.push({ url, body });
      return true;
    },
  });
}

beforeEach(() => {
  [beacons, fetched] = [[], []];
  browserWithRoomFor(Infinity);
});
afterEach(() => vi.unstubAllGlobals());

const options: LeaveOptions = {
  url: 'http://heed',
  headers: { 'heed-tenant': 'default' },
  key: undefined,
  needsHeaders: false,
  fetch: (url, init = {}) => {
    fetched.push({ url: url instanceof Request ? url.url : String(url), init });
    return Promise.reject(new TypeError('the page is gone'));
  },
};

function entries(count: number, bytes: number): OutboxEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const id = String(i).padStart(6, '0');
    return { id, body: JSON.stringify(id.padEnd(bytes - 2, 'x')), bytes };
  });
}
const idsIn = (bodies: readonly { body: string }[]): string[] =>
  bodies.flatMap(({ body }) => (JSON.parse(body) as string[]).map((text) => text.slice(0, 6)));

describe('events of a page that ends', () => {
  it.each([
    [3, 10, 1],
    [4000, 20, 8],
    [100, 2000, 4],
    [5, 59_000, 5],
  ])('%d of %d bytes travel in %d beacons of at most 64 KiB, in order', (count, bytes, requests) => {
    const waiting = entries(count, bytes);
    expect(leaveByBeacon(waiting, options)).toEqual(waiting);
    expect(idsIn(beacons)).toEqual(waiting.map(({ id }) => id));
    expect(beacons).toHaveLength(requests);
    for (const { body } of beacons) expect(body.length).toBeLessThanOrEqual(BROWSER_BYTES);
    expect(fetched).toEqual([]);
  });

  it('make no request when there are none', () => {
    expect(leaveByBeacon([], options)).toEqual([]);
    expect([beacons, fetched]).toEqual([[], []]);
  });

  it('go as far as the browser has room; the rest stays for the next page', () => {
    browserWithRoomFor(BROWSER_BYTES);
    const waiting = entries(100, 2000);
    const left = leaveByBeacon(waiting, options);
    expect(beacons).toHaveLength(1);
    expect(fetched).toHaveLength(1);
    expect(left).toEqual(waiting.slice(0, left.length));
    expect(left.length).toBeLessThan(waiting.length);
  });

  it('that are too large for a beacon keep no other from going', () => {
    const waiting = [...entries(1, 70_000), ...entries(2, 10)];
    expect(leaveByBeacon(waiting, options)).toEqual(waiting.slice(1));
  });

  it('carry a browser key in the address, since a beacon has no headers', () => {
    leaveByBeacon(entries(1, 10), { ...options, key: 'a/b+c&d' });
    expect(beacons[0]?.url).toBe('http://heed/v1/events?key=a%2Fb%2Bc%26d');
  });

  it.each([
    ['the browser has no beacons', () => vi.stubGlobal('navigator', {}), {}],
    ['a header must go with them', () => undefined, { needsHeaders: true }],
  ])('go by a fetch that outlives the page where %s', (_, prepare, change) => {
    prepare();
    const waiting = entries(2, 10);
    expect(leaveByBeacon(waiting, { ...options, ...change })).toEqual(waiting);
    expect(beacons).toEqual([]);
    expect(fetched).toMatchObject([
      { url: 'http://heed/v1/events', init: { keepalive: true, headers: options.headers } },
    ]);
  });
});
