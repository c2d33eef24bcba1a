import { expect, it } from 'vitest';
import { AllowedMethods } from './allowed-methods.ts';

const methods = new AllowedMethods();
methods.add('/v1/fixes', 'GET');
methods.add('/v1/fixes/:id', ['GET', 'HEAD']);
methods.add('/v1/fixes/:id', 'DELETE');
methods.add('/v1/fixes/:id/:action', 'POST');
methods.add('/docs/*', 'GET');

it.each([
  ['/v1/fixes', ['GET']],
  ['/v1/fixes?limit=1', ['GET']],
  ['/v1/fixes/a', ['DELETE', 'GET', 'HEAD']],
  ['/v1/fixes/a/live', ['POST']],
  ['/docs/a/b', ['GET']],
  ['/v1/fixes/', []],
  ['/v1/fixes/a/live/now', []],
  ['/v1', []],
  ['', []],
])('%s is served by %j', (url, expected) => {
  expect(methods.of(url)).toEqual(expected);
});
