import { eventId } from '@heed/kernel';
import { expect, it } from 'vitest';
import { majorityOf } from './majority.ts';

it.each([
  ['love', { label: 1, reactions: ['r-0'] }],
  ['love sad like', { label: 1, reactions: ['r-0', 'r-2'] }],
  ['love sad sad', { label: 0, reactions: ['r-1', 'r-2'] }],
  ['love sad', 'torn'],
  ['wow', undefined],
  ['', undefined],
])('the majority of "%s"', (kinds, expected) => {
  const reactions = kinds.split(' ').map((kind, n) => ({ event: eventId(`r-${String(n)}`), kind }));
  expect(majorityOf(reactions, { positive: ['love', 'like'], negative: ['sad'] })).toEqual(expected);
});
