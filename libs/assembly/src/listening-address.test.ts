import { expect, it } from 'vitest';
import { isLoopback, refuseTakenPort, urlOf } from './listening-address.ts';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:1', true],
  ['::1', 'http://[::1]:1', true],
  ['0.0.0.0', 'http://127.0.0.1:1', false],
  ['::', 'http://[::1]:1', false],
  ['127.0.0.2', 'http://127.0.0.2:1', false],
  ['192.0.2.7', 'http://192.0.2.7:1', false],
  ['2001:db8::7', 'http://[2001:db8::7]:1', false],
])('a service on %s is reached at %s', (host, url, loopback) => {
  expect(urlOf(host, 1)).toBe(url);
  expect(isLoopback(host)).toBe(loopback);
});

it('says of an address that this machine does not have that it does not have it', async () => {
  // From the block that is kept for documentation, which no machine has.
  await expect(refuseTakenPort({ host: '192.0.2.7', port: 0 })).rejects.toMatchObject({
    code: 'host-unknown',
    remedy: expect.stringContaining('--host') as unknown,
  });
});
