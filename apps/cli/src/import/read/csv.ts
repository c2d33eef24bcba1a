import { isUtf8 } from 'node:buffer';
import { CsvError, parse, type Parser } from 'csv-parse';
import { ColumnNames, type TableOptions } from './columns.ts';
import { LongRow, MAX_ROW_BYTES } from './long-row.ts';
import { linesOfBlock, wholeLines } from './lines.ts';
import { ReadFault } from './read-fault.ts';
import type { Row, Rows, UnreadableRow } from './row.ts';

const NEWLINE = 0x0a;

interface RawRecord {
  readonly record: readonly string[];
  /** The row as it stands in the file, with the blank lines before it. */
  readonly raw: string;
}

/**
 * Comma-separated values (RFC 4180; a quote inside an unquoted field is taken as it stands). Rows with too few or
 * too many columns are unreadable rows and the rest goes on.
 *
 * Throws ReadFault at a quote that is never closed, found out when the row is longer than a row may be.
 */
export async function* csv(
  bytes: AsyncIterable<Buffer>,
  options: TableOptions,
  maxBytes = MAX_ROW_BYTES,
): Rows {
  const reader = new CsvReader(options, maxBytes);
  for await (const block of wholeLines(bytes, maxBytes)) {
    yield await (block instanceof LongRow ? reader.pushLong(block) : reader.push(block));
  }
  yield await reader.end();
}

class CsvReader {
  readonly #parser: Parser;
  readonly #names: ColumnNames;
  #rows: Row[] = [];
  /** Newlines in the rows that came out of the parser, and in the blocks that went in. */
  #linesOut = 0;
  #linesIn = 0;
  /** Lines that are not UTF-8, until the row they belong to comes out. */
  readonly #invalidLines = new Map<number, Uint8Array>();
  /** Lines too long to be held, likewise. */
  readonly #longLines = new Map<number, UnreadableRow>();
  readonly #maxBytes: number;

  constructor(options: TableOptions, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#names = new ColumnNames(options);
    this.#parser = parse({
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: maxBytes,
      raw: true,
      // Taken here rather than from the stream: that would cost an object and an event for each row.
      on_record: (row: unknown) => {
        if (!isRawRecord(row)) throw new TypeError('csv-parse was asked for the raw row too');
        this.#accept(row);
        return null;
      },
    });
    // Each step hears of its failure by its own callback; the event that follows must not end the process.
    this.#parser.on('error', () => undefined);
    this.#parser.resume();
  }

  push(block: Buffer): Promise<readonly Row[]> {
    this.#noteInvalidLines(block);
    return this.#rowsAfter((done) => this.#parser.write(block, done));
  }

  /** In place of a line too long to be held goes a short one that leaves quotes open or closed as the long one would. */
  pushLong(long: LongRow): Promise<readonly Row[]> {
    const line = this.#linesIn + 1;
    this.#longLines.set(line, long.end(line, this.#maxBytes));
    return this.push(Buffer.from(long.hasOddQuotes ? '"\n' : '-\n'));
  }

  end(): Promise<readonly Row[]> {
    return this.#rowsAfter((done) => this.#parser.end(done));
  }

  async #rowsAfter(step: (done: (error?: Error | null) => void) => unknown): Promise<readonly Row[]> {
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void => reject(readFault(error));
      this.#parser.once('error', failed);
      step((error) => {
        this.#parser.off('error', failed);
        if (error) failed(error);
        else resolve();
      });
    });
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #accept({ record, raw }: RawRecord): void {
    const start = afterBlankLines(raw);
    const text = raw.slice(start, beforeNewline(raw));
    const line = this.#linesOut + 1 + newlinesIn(raw, 0, start);
    const lastLine = line + newlinesIn(text);
    this.#linesOut += newlinesIn(raw);
    if (this.#longLines.size > 0) {
      const long = this.#takeLong(line, lastLine);
      if (long !== undefined) {
        this.#rows.push({ ...long, line });
        return;
      }
    }
    const invalid = this.#invalidLines.size > 0 ? this.#takeInvalid(line, lastLine) : undefined;
    const row: Row | undefined =
      invalid === undefined
        ? this.#names.rowOf({ line, cells: record, raw: text })
        : { line, problem: 'the bytes are not UTF-8', raw: invalid };
    if (row !== undefined) this.#rows.push(row);
  }

  #noteInvalidLines(block: Buffer): void {
    if (!isUtf8(block)) {
      const lines = linesOfBlock(block, this.#linesIn + 1);
      for (const { number, invalid } of lines)
        if (invalid !== undefined) this.#invalidLines.set(number, invalid);
    }
    for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) this.#linesIn++;
  }

  #takeLong(firstLine: number, lastLine: number): UnreadableRow | undefined {
    let found: UnreadableRow | undefined;
    for (const [number, long] of this.#longLines) {
      if (number > lastLine) break;
      this.#longLines.delete(number);
      if (number >= firstLine) found ??= long;
    }
    return found;
  }

  /** The bytes of the broken lines of a row. */
  #takeInvalid(firstLine: number, lastLine: number): Uint8Array | undefined {
    const found: Uint8Array[] = [];
    for (const [number, bytes] of this.#invalidLines) {
      if (number > lastLine) break;
      this.#invalidLines.delete(number);
      if (number >= firstLine) found.push(bytes);
    }
    return found.length === 0 ? undefined : Buffer.concat(found);
  }
}

function isRawRecord(row: unknown): row is RawRecord {
  return typeof row === 'object' && row !== null && 'record' in row && 'raw' in row;
}

/** Where the row itself begins. */
function afterBlankLines(raw: string): number {
  let at = 0;
  while (raw[at] === '\n' || raw[at] === '\r') at++;
  return at;
}

/** Where the row ends, without the `\n` or `\r\n` behind it. */
function beforeNewline(raw: string): number {
  if (!raw.endsWith('\n')) return raw.length;
  return raw.length - (raw.endsWith('\r\n') ? 2 : 1);
}

function newlinesIn(text: string, from = 0, to = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function readFault(error: Error): Error {
  if (!(error instanceof CsvError)) return error;
  const line = /at line (\d+)/.exec(error.message)?.[1];
  return new ReadFault(
    `${line === undefined ? 'a row' : `line ${line}`}: a quote is opened and never closed`,
    'Close it (a quote inside a quoted field is written twice: ""), then import the file again: what is in already is not doubled.',
    { cause: error },
  );
}
