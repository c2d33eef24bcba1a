import type { Layout } from '../detect-format.ts';
import type { TableOptions } from './columns.ts';
import { csv } from './csv.ts';
import { jsonLines } from './json-lines.ts';
import { jsonValues } from './json-values.ts';
import type { Rows } from './row.ts';
import { tsv } from './tsv.ts';

export function rowsOf(layout: Layout, bytes: AsyncIterable<Buffer>, table: TableOptions): Rows {
  switch (layout) {
    case 'jsonl':
      return jsonLines(bytes);
    case 'json':
      return jsonValues(bytes);
    case 'csv':
      return csv(bytes, table);
    case 'tsv':
      return tsv(bytes, table);
  }
}
