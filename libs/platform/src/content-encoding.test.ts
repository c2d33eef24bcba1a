import { expect, it } from 'vitest';
import { contentEncoding } from './content-encoding.ts';

it.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['gzip', 'gzip'],
  [' GZip ', 'gzip'],
  ['x-gzip', 'gzip'],
  ['zstd', 'zstd'],
])('%j means %j', (header, encoding) => {
  expect(contentEncoding(header)).toBe(encoding);
});

it.each(['br', 'deflate', 'gzip, gzip', 'gzip,zstd', 'identity, gzip', 'constructor', '__proto__'])(
  'refuses %j and says what is taken',
  (header) => {
    expect(() => contentEncoding(header)).toThrow(
      expect.objectContaining({
        code: 'unsupported-content-encoding',
        remedy: expect.stringContaining('gzip, zstd') as string,
      }),
    );
  },
);
