import { expect, test } from 'vitest';
import { pearson } from './pearson.ts';

test('known value: numpy.corrcoef([1, 2, 3, 4], [2, 1, 4, 3])', () => {
  expect(pearson([1, 2, 3, 4], [2, 1, 4, 3])).toBeCloseTo(0.6, 12);
});

test('a straight line is 1 or -1, and what never differs goes with nothing', () => {
  expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
  expect(pearson([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(pearson([1, 1, 1], [1, 2, 3])).toBeNaN();
});

test('lists of two lengths are refused', () => {
  expect(() => pearson([1, 2], [1])).toThrow(RangeError);
});
