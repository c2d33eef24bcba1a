import { describe, expect, it } from 'vitest';
import { takersOf } from './takers-of.ts';

const takers = takersOf([
  { destroyed: ['a'], dated: ['b'], upToMs: 10 },
  { destroyed: ['c', 'c'], dated: ['b', 'a'], upToMs: 5 },
]);

describe('takersOf', () => {
  it.each([
    ['a destroyed key takes whatever was received', 'a', 11, [0]],
    ['and another erasure up to its own moment', 'a', 5, [0, 1]],
    ['a key in use gives what was received up to then', 'b', 5, [0, 1]],
    ['by each erasure for itself', 'b', 6, [0]],
    ['and nothing later', 'b', 11, []],
    ['a key named twice takes once', 'c', 99, [1]],
    ['what nobody sealed is nobody’s', undefined, 1, []],
  ])('%s', (_, sealedBy, receivedAtMs, expected) => {
    expect(takers({ receivedAtMs, ...(sealedBy !== undefined && { sealedBy }) })).toEqual(expected);
  });
});
