import { hash } from 'node:crypto';
import { recordMapper, type Mapping } from '@heed/importing';
import { isReadable, type Row } from './read/row.ts';

/** What a record sends: its events as JSON texts, or in their place the record itself, to be kept as a dead letter. */
export interface RecordEvents {
  readonly events: readonly string[];
  readonly rejected?: RejectedRow;
}

export interface RejectedRow {
  readonly line: number;
  readonly problem: string;
}

/** `record` counts the records of the file from 0. Has to see every record, in order: sessions by idle gap depend on it. */
export type RecordReader = (row: Row, record: number) => RecordEvents;

export interface RecordReaderOptions {
  /** As the user named the file; kept with rejected rows. */
  readonly file: string;
  /** Absent: the records are events already. */
  readonly mapping?: Mapping;
  readonly gapMs?: number;
}

export function recordReader({ file, mapping, gapMs }: RecordReaderOptions): RecordReader {
  const sha256 = (text: string): string => hash('sha256', text);
  const map = mapping && recordMapper(mapping, { sha256, ...(gapMs !== undefined && { gapMs }) });
  return (row, record) => {
    if (!isReadable(row)) return rejected(file, row.line, row.problem, row.raw);
    const { line, value, text } = row;
    // An event that is one already goes as it stands in the file.
    if (map === undefined) return { events: [text ?? JSON.stringify(value)] };
    try {
      const mapped = map(value, { record, line });
      if (mapped.ok) return { events: mapped.value.map((event) => JSON.stringify(event)) };
      return rejected(file, line, mapped.error.detail, value);
    } catch (thrown) {
      // V8 reads JSON of any depth and cannot write it again: only lists in lists in lists come here.
      if (!(thrown instanceof RangeError)) throw thrown;
      return rejected(file, line, 'it is nested too deeply', text ?? '');
    }
  };
}

/**
 * A row that cannot become events is sent as it is, with the place where it stands. Being no CloudEvent, it is kept as a dead
 * letter: nothing is lost, and it can be mended and driven again.
 */
function rejected(file: string, line: number, problem: string, row: unknown): RecordEvents {
  const kept = row instanceof Uint8Array ? { rowBase64: Buffer.from(row).toString('base64') } : { row };
  return { events: [JSON.stringify({ file, line, problem, ...kept })], rejected: { line, problem } };
}
