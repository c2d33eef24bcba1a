import { Fault } from '@heed/kernel';
import { decompressed } from '../import/decompress.ts';
import { openInput } from '../import/open-input.ts';
import { jsonLines } from '../import/read/json-lines.ts';
import { isReadable } from '../import/read/row.ts';
import type { Shell } from '../shell.ts';

/** What stands in a file, one JSON document a line. */
export interface FileLines {
  readonly file: string;
  readonly values: readonly unknown[];
  /** The lines that they stand in, counted from 1. */
  readonly numbers: readonly number[];
  /** A line as it should be. */
  readonly example: string;
}

/** As much as a service takes in one request, unless it is told otherwise. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * All lines of a file that are not blank; `-` is standard input, .gz and .zst as they are. Throws Fault `lines-not-read` at the first line that is no JSON
 * and where there is no line, `file-too-large`, and `unreadable-file`.
 *
 * @param mostBytes of the file, unpacked: it goes into one request
 */
export async function fileLines(
  shell: Shell,
  name: string,
  example: string,
  mostBytes = MOST_BYTES,
): Promise<FileLines> {
  const input = await openInput(shell, name);
  const notRead = (what: string): Fault =>
    new Fault('lines-not-read', `${input.name}${what}`, `Write on each line: ${example}`);
  const [values, numbers]: [unknown[], number[]] = [[], []];
  for await (const rows of jsonLines(upTo(mostBytes, decompressed(input.bytes()), input.name))) {
    for (const row of rows) {
      if (!isReadable(row)) throw notRead(`, line ${row.line}: ${row.problem}`);
      values.push(row.value);
      numbers.push(row.line);
    }
  }
  if (values.length === 0) throw notRead(': there is no line in it');
  return { file: input.name, values, numbers, example };
}

async function* upTo(most: number, pieces: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    if (read > most)
      throw new Fault(
        'file-too-large',
        `${file} has more than ${most} bytes, unpacked: all of it goes into one request.`,
        'Give a part of it.',
      );
    yield piece;
  }
}
