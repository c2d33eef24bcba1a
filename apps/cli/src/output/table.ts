export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string;
  /** Numbers read better aligned at their end. */
  readonly align?: 'right';
  /** Longer texts are cut here, with an ellipsis; 60 characters without a word. */
  readonly maxWidth?: number;
}

/** Rows in columns, two blanks between them, the titles above. Never wider than its content; no trailing blanks. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(({ of, maxWidth }) => cut(oneLine(of(row)), maxWidth ?? 60)));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const aligned = lines.map((line) =>
    line
      .map((cell, at) =>
        columns[at]?.align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return aligned.join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
