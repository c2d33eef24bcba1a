import { expect, it } from 'vitest';
import { globalOptions, invocationOf, type GlobalOptions, type Invocation } from './invocation.ts';
import type { Shell } from './shell.ts';
import { pieces } from './testing/fake-shell.ts';

function invoked(options: Partial<GlobalOptions>, env: Shell['env'] = {}): Invocation {
  const sink = { write: () => true };
  const shell: Shell = {
    stdin: pieces(Buffer.alloc(0), 1),
    stdout: sink,
    stderr: sink,
    env,
    cwd: '/home/ada',
    userName: 'ada',
    programs: '/',
  };
  return invocationOf(shell, globalOptions.parse(options));
}

it.each([
  [{}, {}, { kind: 'folder', dir: '/home/ada/heed-data' }],
  [{ data: 'mine' }, {}, { kind: 'folder', dir: '/home/ada/mine' }],
  [{}, { HEED_DATA: '/srv/heed' }, { kind: 'folder', dir: '/srv/heed' }],
  [
    {},
    { HEED_URL: 'http://heed:8585', HEED_DATA: '/srv' },
    { kind: 'url', url: new URL('http://heed:8585') },
  ],
  [{ data: '/srv/other' }, { HEED_URL: 'http://heed:8585' }, { kind: 'folder', dir: '/srv/other' }],
  [{ url: 'http://other:1' }, { HEED_DATA: '/srv' }, { kind: 'url', url: new URL('http://other:1') }],
])('finds the service that %j with %j means', (options, env, service) => {
  expect(invoked(options, env).service).toEqual(service);
});

it('takes the tenant from the option, the environment, the default', () => {
  expect(invoked({ tenant: 'a' }, { HEED_TENANT: 'b' }).tenant).toBe('a');
  expect(invoked({}, { HEED_TENANT: 'b' }).tenant).toBe('b');
  expect(invoked({}).tenant).toBe('default');
});
