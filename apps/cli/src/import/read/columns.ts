import type { Row } from './row.ts';

export interface TableOptions {
  /** The names of the columns, for a table without a header row. */
  readonly columns?: readonly string[];
  /** Told the names once, before the first row comes out; may throw when they are not the ones needed. */
  readonly onColumns: (columns: readonly string[]) => void;
}

export interface TableCells {
  readonly line: number;
  readonly cells: readonly string[];
  /** The row as it stands in the file. */
  readonly raw: string;
}

/** Turns the cells of a table, row by row, into rows by column name. A header row gives no row itself. */
export class ColumnNames {
  readonly #options: TableOptions;
  #columns: readonly string[] | undefined;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  rowOf({ line, cells, raw }: TableCells): Row | undefined {
    if (this.#columns === undefined) {
      const { columns, onColumns } = this.#options;
      this.#columns = columns ?? cells.map((cell) => cell.trim());
      onColumns(this.#columns);
      if (columns === undefined) return undefined;
    }
    const names = this.#columns;
    if (cells.length !== names.length) return { line, problem: miscounted(cells.length, names), raw };
    const value: Record<string, string> = {};
    for (const [at, name] of names.entries()) value[name] = cells[at] ?? '';
    return { line, value };
  }
}

function miscounted(count: number, columns: readonly string[]): string {
  return `it has ${count === 1 ? '1 column' : `${count} columns`}, expected ${columns.length} (${columns.join(', ')})`;
}
