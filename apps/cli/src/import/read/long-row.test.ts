import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import { csv } from './csv.ts';
import { jsonLines } from './json-lines.ts';
import { jsonValues } from './json-values.ts';
import { isReadable, type Row, type Rows } from './row.ts';
import { tsv } from './tsv.ts';

const MAX = 20;
const table = { onColumns: () => undefined };
const LAYOUTS: Readonly<Record<string, (bytes: AsyncIterable<Buffer>) => Rows>> = {
  jsonl: (bytes) => jsonLines(bytes, MAX),
  json: (bytes) => jsonValues(bytes, MAX),
  csv: (bytes) => csv(bytes, table, MAX),
  tsv: (bytes) => tsv(bytes, table, MAX),
};
const read = (layout: string, text: string, size: number): Promise<Row[]> =>
  collected(LAYOUTS[layout]?.(pieces(Buffer.from(text), size)) ?? expect.fail('no such layout'));
const LONG = `"${'é'.repeat(12)}"`;

describe('a row longer than a row may be', () => {
  it.each([
    ['jsonl', `1\n${LONG}\n3\n`, [1, 3]],
    ['jsonl, at the end', `1\n${LONG}`, [1]],
    ['json', `[1,\n${LONG},\n3]`, [1, 3]],
    ['csv', `a\n${LONG}\n3\n`, [{ a: '3' }]],
    ['tsv', `a\n${LONG}\n3\n`, [{ a: '3' }]],
  ])('is rejected with its line, and the next is read: %s', async (name, text, values) => {
    const sha256 = createHash('sha256').update(LONG).digest('hex');
    for (const size of [1, 3, 7, 16]) {
      const rows = await read(name.split(',')[0] ?? '', text, size);
      expect(rows.filter(isReadable).map(({ value }) => value)).toEqual(values);
      expect(rows.filter((row) => !isReadable(row))).toEqual([
        {
          line: 2,
          problem: 'it has 26 bytes, a row may have at most 20',
          raw: LONG,
          whole: { bytes: 26, sha256 },
        },
      ]);
    }
  });

  it('is as long as a row may be at most when it is not rejected', async () => {
    const text = `"${'x'.repeat(MAX - 2)}"`;
    for (const layout of ['jsonl', 'json']) {
      for (const size of [1, 3, 7, 16]) {
        expect((await read(layout, `${text}\n`, size)).every(isReadable)).toBe(true);
      }
    }
  });

  it('leaves the quotes of a table as it found them', async () => {
    const rows = await read('csv', `a,b\n"x\n${'y'.repeat(30)}",2\n3,4\n`, 7);
    expect(rows).toMatchObject([
      { line: 2, whole: { bytes: 33 } },
      { line: 4, value: { a: '3', b: '4' } },
    ]);
  });

  it('is kept with no more than its beginning', async () => {
    const long = 'x'.repeat(5000);
    const rows = await read('jsonl', `${long}\n`, 16);
    expect(rows).toMatchObject([{ raw: long.slice(0, 1000), whole: { bytes: 5000 } }]);
  });
});
