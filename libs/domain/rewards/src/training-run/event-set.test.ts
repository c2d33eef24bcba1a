import { expect, it } from 'vitest';
import { eventsIn, eventSetOf } from './event-set.ts';

const ids = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${name}-${String(n)}`);

it('names few events', () => {
  const set = eventSetOf(['b', 'a', 'b']);
  expect(set).toEqual({ count: 2, ids: ['a', 'b'] });
  expect(['a', 'b', 'c'].map(eventsIn(set))).toEqual([true, true, false]);
});

it('knows each of many by a digest of three bytes an id, and takes hardly any other for one', () => {
  const own = ids(20_000, 'own');
  const set = eventSetOf(own);
  expect('digest' in set && (set.digest.length * 3) / 4).toBe(60_000);
  const isIn = eventsIn(set);
  expect(own.every(isIn)).toBe(true);
  expect(ids(200_000, 'other').filter(isIn).length).toBeLessThan(10);
});

it('is the same in whatever order', () => {
  const own = ids(2000, 'own');
  expect(eventSetOf(own.toReversed())).toEqual(eventSetOf(own));
});
