import { describe, expect, it } from 'vitest';
import { encodeRows } from './encode-rows.ts';

const decoded = (rows: Uint8Array): unknown[] =>
  new TextDecoder()
    .decode(rows)
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

describe('encodeRows', () => {
  it('writes a JSON array on each line', () => {
    expect(new TextDecoder().decode(encodeRows([['a\nb', 1, null], [['x', 2]]]))).toBe(
      '["a\\nb",1,null]\n[["x",2]]\n',
    );
  });

  it('writes nothing for no rows', () => {
    expect(encodeRows([])).toHaveLength(0);
  });

  it('replaces half a surrogate pair, and leaves whole ones and what only looks like an escape', () => {
    expect(decoded(encodeRows([['\ud83d x', '😀', '\\ud83d', ['\udc00']]]))).toEqual([
      ['\ufffd x', '😀', '\\ud83d', ['\ufffd']],
    ]);
  });

  it('joins what is longer than one piece', () => {
    const long = 'x'.repeat(3_000_000);
    expect(decoded(encodeRows([[long], [long], [long]]))).toEqual([[long], [long], [long]]);
  });
});
