import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collected, pieces } from '../../testing/fake-shell.ts';
import type { TableOptions } from './columns.ts';
import { csv } from './csv.ts';
import { isReadable, type Row } from './row.ts';

const withHeader: TableOptions = { onColumns: () => undefined };
const read = (text: string | Buffer, size = 6, options = withHeader): Promise<Row[]> =>
  collected(csv(pieces(Buffer.from(text), size), options));
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('rows of a CSV file', () => {
  it('are the same however the file is cut into pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', 'é', '😀', ' ') });
    const rows = fc.array(fc.tuple(cell, cell), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const text = [['x', 'y'], ...cells].map((row) => row.map(quoted).join(',')).join('\r\n');
        const values = (await read(text, size)).map((row) => (isReadable(row) ? row.value : row));
        expect(values).toEqual(cells.map(([x, y]) => ({ x, y })));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('know the line they begin on, over blank lines and quoted line breaks', async () => {
    const rows = await read('a,b\n1,2\n\n\n"x\ny",3\n4,5');
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 7]);
  });

  it('are told and kept as they stand when they have too few or too many columns', async () => {
    expect(await read('a,b,c\n1,2,3\n"1",2\n1,2,3,4\n5,6,7')).toEqual([
      { line: 2, value: { a: '1', b: '2', c: '3' } },
      { line: 3, problem: 'it has 2 columns, expected 3 (a, b, c)', raw: '"1",2' },
      { line: 4, problem: 'it has 4 columns, expected 3 (a, b, c)', raw: '1,2,3,4' },
      { line: 5, value: { a: '5', b: '6', c: '7' } },
    ]);
  });

  it('keep their bytes when they are not UTF-8, first and last rows too', async () => {
    const broken = Buffer.concat([
      Buffer.from('a,b\n'),
      Buffer.from([0xff]),
      Buffer.from(',1\nx,y\n'),
      Buffer.from([0xfe]),
      Buffer.from(',2'),
    ]);
    const rows = await read(broken, 100);
    expect(rows.map((row) => (isReadable(row) ? row.value : [row.line, row.problem]))).toEqual([
      [2, 'the bytes are not UTF-8'],
      { a: 'x', b: 'y' },
      [4, 'the bytes are not UTF-8'],
    ]);
  });

  it('take the names of their columns from outside when there is no header', async () => {
    const rows = await read('1,2\n3,4', 100, { columns: ['x', 'y'], onColumns: () => undefined });
    expect(rows).toEqual([
      { line: 1, value: { x: '1', y: '2' } },
      { line: 2, value: { x: '3', y: '4' } },
    ]);
  });

  it('lose a byte order mark before the header', async () => {
    expect(await read('\uFEFFa,b\n1,2')).toEqual([{ line: 2, value: { a: '1', b: '2' } }]);
  });

  it('take a quote inside an unquoted value as it stands', async () => {
    expect(await read('a,b\n5" nail,2')).toEqual([{ line: 2, value: { a: '5" nail', b: '2' } }]);
  });

  it('stop with the line of a quote that is never closed', async () => {
    await expect(read('a,b\n1,2\n3,"4\n5,6\n')).rejects.toThrow(/a quote is opened and never closed/);
  });
});
