import { FeatureReader } from '@heed/rewards';
import { expect, it } from 'vitest';
import { answered } from './judged-answer.ts';
import { takeTurns } from './take-turns.ts';

it('takes turns as if they alone had been read', () => {
  const turns = ['jazz', '', 'play some jazz, please', 'no no no'].map((text) => answered('hello', text));
  const reader = new FeatureReader('answer');
  const some = [3, 0, 1].flatMap((n) => turns[n] ?? []);
  expect(takeTurns(reader.read(turns), [3, 0, 1])).toEqual(reader.read(some));
});
