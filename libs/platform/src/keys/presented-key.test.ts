import { expect, it } from 'vitest';
import { freshKey } from './key-text.ts';
import { presentedKey } from './presented-key.ts';

const browser = freshKey('browser').text;

it.each([
  [`Bearer ${browser}`, {}, browser],
  [`bearer   ${browser}  `, {}, browser],
  ['Bearer anything', {}, 'anything'],
  [undefined, { key: browser }, browser],
  [`Bearer ${browser}`, { key: 'other' }, browser],
  ['Basic YWRhOnNlY3JldA==', {}, null],
  ['Bearer', {}, null],
  [undefined, {}, null],
  [undefined, undefined, null],
  [undefined, { key: 'no key at all' }, 'no key at all'],
])('in the header %s and the query %j finds %j', (authorization, query, key) => {
  expect(presentedKey(authorization, query)).toBe(key);
});

it.each(['server', 'analyst', 'admin'] as const)('refuses a %s key in an address and says why', (kind) => {
  expect(() => presentedKey(undefined, { key: freshKey(kind).text })).toThrow(/logs/);
});

it('refuses two keys in one address', () => {
  expect(() => presentedKey(undefined, { key: [browser, browser] })).toThrow(
    expect.objectContaining({ code: 'key-refused' }) as Error,
  );
});
