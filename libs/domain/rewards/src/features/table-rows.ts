/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from './feature-table.ts';

/** Some turns of a table in an order of their own, each as often as it is named: equal to reading those turns again. O(their grams). */
export function tableRows(table: FeatureTable, rows: readonly number[]): FeatureTable {
  const { bags, numbers } = table;
  const from = (row: number): number => table.starts[row * bags]!;
  const to = (row: number): number => table.starts[(row + 1) * bags]!;
  const grams = rows.reduce((sum, row) => sum + to(row) - from(row), 0);
  const starts = new Int32Array(rows.length * bags + 1);
  const [places, weights] = [new Int32Array(grams), new Float32Array(grams)];
  const values = new Float32Array(rows.length * numbers);
  let filled = 0;
  for (const [turn, row] of rows.entries()) {
    places.set(table.places.subarray(from(row), to(row)), filled);
    weights.set(table.weights.subarray(from(row), to(row)), filled);
    values.set(table.values.subarray(row * numbers, (row + 1) * numbers), turn * numbers);
    for (let bag = 0; bag < bags; bag++)
      starts[turn * bags + bag] = filled + table.starts[row * bags + bag]! - from(row);
    filled += to(row) - from(row);
  }
  starts[rows.length * bags] = filled;
  return { ...table, turns: rows.length, starts, places, weights, values };
}
