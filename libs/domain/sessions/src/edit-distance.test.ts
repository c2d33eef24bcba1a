import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALIGNED_CHARACTERS, edit } from './edit-distance.ts';

test.each([
  ['yahoo caht', 'yahoo chat', 0.9, 0.75],
  ['weather in boston', 'weather in denver', 1 - 6 / 17, 0],
  ['sunspots', 'sunspot', 7 / 8, 7 / 8],
  ['weather', 'weather in paris', 7 / 16, 7 / 16],
  ['', 'abc', 0, 0],
])('%j to %j', (a, b, similarity, respelling) => {
  expect(edit(a, b).similarity).toBeCloseTo(similarity, 12);
  expect(edit(a, b).respelling).toBeCloseTo(respelling, 12);
});

test('the bit-parallel distance is that of the dynamic programme', () => {
  // No blanks: with words to cut off, the distance of the rest may be the larger one.
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', 'é', '語'),
    minLength: 1,
    maxLength: ALIGNED_CHARACTERS,
  });

  fc.assert(
    fc.property(text, text, (a, b) => {
      fc.pre(a !== b);
      expect(edit(a, b).similarity).toBeCloseTo(
        1 - byDynamicProgramme(a, b) / Math.max(a.length, b.length),
        12,
      );
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test('the likeness is the same in both directions', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 60 });

  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(edit(a, b)).toEqual(edit(b, a));
    }),
    { seed: 8, numRuns: 2000 },
  );
});

test('a change longer than what is aligned is no likeness', () => {
  expect(edit('x'.repeat(33), 'y')).toEqual({ similarity: 0, respelling: 0 });
});

/** Optimal string alignment as the textbook has it. */
function byDynamicProgramme(a: string, b: string): number {
  const distance = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  rows[0] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = distance(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? distance(i - 2, j - 2) + 1
          : Infinity;
      rows[i]?.push(Math.min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, replaced, swapped));
    }
  }
  return distance(a.length, b.length);
}
