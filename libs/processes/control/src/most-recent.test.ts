import { expect, it } from 'vitest';
import { MostRecent } from './most-recent.ts';

it('keeps what was set or asked for last, and no more than it may', () => {
  const recent = new MostRecent<string, number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect([...recent.names()]).toEqual(['a', 'c']);
  expect(recent.get('b')).toBeUndefined();
  recent.set('a', 4);
  recent.set('d', 5);
  expect([...recent.names()]).toEqual(['a', 'd']);
  expect(recent.get('a')).toBe(4);
});
