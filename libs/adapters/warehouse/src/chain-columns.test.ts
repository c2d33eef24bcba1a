import { describe, expect, it } from 'vitest';
import { chainColumns } from './chain-columns.ts';

const [UNLABELLED, SUCCESS, FAILURE] = [0n, 1n, 2n];
type Row = readonly [from: bigint, to: bigint, weight: number];

function rowBinary(rows: readonly Row[], offset = 0): Uint8Array {
  const buffer = new Uint8Array(offset + rows.length * 24);
  const view = new DataView(buffer.buffer);
  rows.forEach(([from, to, weight], i) => {
    view.setBigUint64(offset + i * 24, from, true);
    view.setBigUint64(offset + i * 24 + 8, to, true);
    view.setFloat64(offset + i * 24 + 16, weight, true);
  });
  return buffer.subarray(offset);
}

const ROWS: readonly Row[] = [
  [10n, SUCCESS, 2],
  [10n, 2n ** 63n, 3],
  [10n, 2n ** 64n - 1n, 0.5],
  [2n ** 63n, UNLABELLED, 4],
  [2n ** 63n, FAILURE, 5],
  [2n ** 64n - 1n, SUCCESS, 6],
  [2n ** 64n - 1n, 10n, 7],
];

const COLUMNS = {
  states: 3,
  stateIds: BigUint64Array.of(10n, 2n ** 63n, 2n ** 64n - 1n),
  successes: Float64Array.of(2, 0, 6),
  failures: Float64Array.of(0, 5, 0),
  unlabelled: Float64Array.of(0, 4, 0),
  from: Uint32Array.of(0, 0, 2),
  to: Uint32Array.of(1, 2, 0),
  steps: Float64Array.of(3, 0.5, 7),
};

describe('chainColumns', () => {
  it('numbers states by their ids and keeps steps apart from ends', () => {
    expect(chainColumns(rowBinary(ROWS))).toEqual(COLUMNS);
  });

  it('reads bytes that start anywhere', () => {
    expect(chainColumns(rowBinary(ROWS, 3))).toEqual(COLUMNS);
  });

  it('of no rows is the empty chain', () => {
    expect(chainColumns(new Uint8Array(0))).toMatchObject({ states: 0, from: new Uint32Array(0) });
  });

  it('finds ids that fall on the same slots', () => {
    const ids = Array.from({ length: 100 }, (_, i) => BigInt(i + 1) << 32n);
    const ring = ids.map((id, i): Row => [id, ids[(i + 1) % ids.length] ?? 0n, 1]);
    const { to } = chainColumns(rowBinary(ring));
    expect([...to]).toEqual(ids.map((_, i) => (i + 1) % ids.length));
  });

  it('refuses a step to a state that nothing leaves', () => {
    expect(() => chainColumns(rowBinary([[10n, 11n, 1]]))).toThrow(RangeError);
  });
});
