import { expect, it } from 'vitest';
import { MOST_PARTITIONS, positionOf } from './log-position.ts';

it('gives each place a position of its own, from 1, growing with the offset', () => {
  const places = [0, 1, MOST_PARTITIONS - 1].flatMap((partition) =>
    [0, 1, 2, 8.7e12].map((offset) => ({ partition, offset })),
  );
  const positions = places.map(positionOf);
  expect(new Set(positions).size).toBe(places.length);
  expect(positions.every((position) => Number.isSafeInteger(position))).toBe(true);
  expect(positions[0]).toBe(1);
  for (const [, ofPartition] of Map.groupBy(places, ({ partition }) => partition)) {
    const own = ofPartition.map(positionOf);
    expect(own).toEqual(own.toSorted((a, b) => a - b));
  }
});
