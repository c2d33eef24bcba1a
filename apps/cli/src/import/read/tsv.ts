import { ColumnNames, type TableOptions } from './columns.ts';
import { linesOf, type Line } from './lines.ts';
import type { Row, Rows } from './row.ts';

/** Tab-separated values as logs have them: every tab separates, and a quote is a character like any other. */
export async function* tsv(bytes: AsyncIterable<Buffer>, options: TableOptions, maxBytes?: number): Rows {
  const names = new ColumnNames(options);
  for await (const lines of linesOf(bytes, maxBytes)) {
    yield lines
      .filter(({ text }) => text !== '')
      .map((line) => rowOf(line, names))
      .filter((row) => row !== undefined);
  }
}

function rowOf({ number, text, invalid, long }: Line, names: ColumnNames): Row | undefined {
  if (long !== undefined) return long;
  if (invalid !== undefined) return { line: number, problem: 'the bytes are not UTF-8', raw: invalid };
  return names.rowOf({ line: number, cells: text.split('\t'), raw: text });
}
