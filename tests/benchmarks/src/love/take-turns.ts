/* eslint-disable @typescript-eslint/no-non-null-assertion -- typed arrays of known lengths, indexed below them */
import type { FeatureTable } from '@heed/rewards';

/** The turns at these places, in their order. */
export function takeTurns(table: FeatureTable, turns: readonly number[]): FeatureTable {
  const { bags, numbers } = table;
  const starts = new Int32Array(turns.length * bags + 1);
  turns.forEach((turn, n) => {
    for (let bag = 0; bag < bags; bag++) {
      const from = turn * bags + bag;
      starts[n * bags + bag + 1] = starts[n * bags + bag]! + table.starts[from + 1]! - table.starts[from]!;
    }
  });
  const own = {
    places: new Int32Array(starts.at(-1)!),
    weights: new Float32Array(starts.at(-1)!),
    values: new Float32Array(turns.length * numbers),
  };
  turns.forEach((turn, n) => {
    const [from, to] = [table.starts[turn * bags]!, table.starts[(turn + 1) * bags]!];
    own.places.set(table.places.subarray(from, to), starts[n * bags]);
    own.weights.set(table.weights.subarray(from, to), starts[n * bags]);
    own.values.set(table.values.subarray(turn * numbers, (turn + 1) * numbers), n * numbers);
  });
  return { ...table, turns: turns.length, starts, ...own };
}
