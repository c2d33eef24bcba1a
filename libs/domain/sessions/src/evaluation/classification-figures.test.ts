import { expect, test } from 'vitest';
import { classificationFigures } from './classification-figures.ts';

const cases = (
  positives: readonly number[],
  negatives: readonly number[],
): { score: number; positive: boolean }[] => [
  ...positives.map((score) => ({ score, positive: true })),
  ...negatives.map((score) => ({ score, positive: false })),
];

test('known values: sklearn.metrics on y = [1, 1, 1, 0, 0], s = [.9, .8, .3, .5, .1]', () => {
  expect(classificationFigures(cases([0.9, 0.8, 0.3], [0.5, 0.1]), 0.5)).toEqual({
    positives: 3,
    negatives: 2,
    precision: 2 / 3,
    recall: 2 / 3,
    f1: 2 / 3,
    falsePositiveRate: 1 / 2,
    auroc: 5 / 6,
  });
});

test('ties count half for the area', () => {
  expect(classificationFigures(cases([1, 1], [1, 1]), 0.5).auroc).toBe(0.5);
  expect(classificationFigures(cases([1, 0], [0]), 0.5).auroc).toBe(0.75);
});

test('a perfect order has area 1 at whatever threshold', () => {
  expect(classificationFigures(cases([0.2, 0.3], [0.1]), 0.9)).toMatchObject({
    auroc: 1,
    recall: 0,
    f1: 0,
    precision: NaN,
  });
});
