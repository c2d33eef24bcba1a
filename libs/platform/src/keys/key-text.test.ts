import { KEY_KINDS } from '@heed/policies';
import { expect, it } from 'vitest';
import { freshKey, hashOfKey, readKeyText } from './key-text.ts';

it.each(KEY_KINDS)('makes a key of kind %s that says so, and keeps its hash alone', (kind) => {
  const { id, text, hash } = freshKey(kind);
  expect(text).toMatch(new RegExp(`^heed_${kind}_${id}_[A-Za-z0-9_-]{43}$`));
  expect(Buffer.from(text.slice(-43), 'base64url')).toHaveLength(32);
  expect(readKeyText(text)).toEqual({ kind, id });
  expect(hash).toBe(hashOfKey(text).toString('hex'));
});

it('makes another one every time', () => {
  const keys = Array.from({ length: 100 }, () => freshKey('server'));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(100);
  expect(new Set(keys.map(({ text }) => text.slice(-43))).size).toBe(100);
});

const { text } = freshKey('browser');
it.each([
  '',
  'heed',
  text.slice(1),
  text.slice(0, -1),
  `${text}x`,
  ` ${text}`,
  `${text}\n`,
  text.replace('browser', 'owner'),
  text.toUpperCase(),
])('takes %j for no key', (other) => {
  expect(readKeyText(other)).toBeNull();
});
