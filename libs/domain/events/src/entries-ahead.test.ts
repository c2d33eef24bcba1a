import { expect, it } from 'vitest';
import { entriesAhead } from './entries-ahead.ts';

const lag = (entries: number, ...partitions: readonly [committed: number, head: number][]) => ({
  entries,
  partitions: partitions.map(([committed, head]) => ({ committed, head })),
});

it.each([
  ['nothing was there', lag(0), lag(0), 0],
  ['it was read, and more came', lag(3, [7, 10]), lag(90, [10, 100]), 0],
  ['one partition is far ahead and another behind', lag(9, [0, 4], [0, 5]), lag(1, [50, 50], [4, 5]), 1],
  ['the group went back to the beginning', lag(2, [8, 10]), lag(12, [0, 12]), 10],
  ['a removed tenant left gaps', lag(1, [1, 9]), lag(1, [1, 9]), 1],
  ['the log has a partition more by now', lag(1, [1, 2]), lag(8, [2, 2], [0, 8]), 0],
])('%s', (_, goal, now, ahead) => {
  expect(entriesAhead(goal, now)).toBe(ahead);
});
