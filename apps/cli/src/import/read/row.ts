/** One record of a file as it was read, before any mapping; `line` is where it begins, counted from 1. */
export type Row = ReadableRow | UnreadableRow;

export interface ReadableRow {
  readonly line: number;
  /** A parsed JSON value, or the columns of a CSV or TSV row by name. */
  readonly value: unknown;
  /** The JSON text as it stands in the file, where the row is one. */
  readonly text?: string;
}

export interface UnreadableRow {
  readonly line: number;
  /** What is wrong with it, in words that end a sentence beginning "line 17: ". */
  readonly problem: string;
  /** The row as it stands in the file; bytes when they are not UTF-8. */
  readonly raw: string | Uint8Array;
  /** Set when the row is too long to be kept and `raw` is only its beginning. */
  readonly whole?: Whole;
}

/** What tells a row that is not kept from any other. */
export interface Whole {
  readonly bytes: number;
  readonly sha256: string;
}

/** Rows come in handfuls, as many as a piece of the file holds: a promise for each row would cost more than the row. */
export type Rows = AsyncIterable<readonly Row[]>;

export function isReadable(row: Row): row is ReadableRow {
  return 'value' in row;
}
