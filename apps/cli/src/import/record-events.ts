import { hash } from 'node:crypto';
import { recordMapper, type Mapping } from '@heed/importing';
import { isReadable, type Row } from './read/row.ts';
import { rejectedRowEvent, type RejectedRow } from './rejected-row.ts';

/** What a record sends: its events as JSON texts, or in their place the record itself, to be kept as a dead letter. */
export interface RecordEvents {
  readonly events: readonly string[];
  readonly rejected?: RejectedRow;
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
    if (!isReadable(row)) return rejected({ file, ...row }, row.raw);
    const { line, value, text } = row;
    // An event that is one already goes as it stands in the file.
    if (map === undefined) return { events: [text ?? JSON.stringify(value)] };
    const mapped = mappedUnlessTooDeep(() => map(value, { record, line }), value);
    if (mapped === undefined) return rejected({ file, line, problem: TOO_DEEP }, text ?? '');
    const events = mapped.ok ? jsonOf(mapped.value) : undefined;
    if (events !== undefined) return { events };
    const problem = mapped.ok ? TOO_DEEP : mapped.error.detail;
    return rejected({ file, line, problem }, writable(value, text));
  };
}

function rejected(place: Parameters<typeof rejectedRowEvent>[0], row: unknown): RecordEvents {
  const { line, problem } = place;
  return { events: [rejectedRowEvent(place, row)], rejected: { line, problem } };
}

const TOO_DEEP = 'it is nested too deeply';

/** Nothing when the mapper failed because the value cannot be written as JSON; any other failure is a bug, and thrown. */
function mappedUnlessTooDeep<T>(map: () => T, value: unknown): T | undefined {
  try {
    return map();
  } catch (thrown) {
    if (!(thrown instanceof RangeError) || jsonOf([value]) !== undefined) throw thrown;
    return undefined;
  }
}

/** The value, or its text in the file when it cannot be written again. */
function writable(value: unknown, text: string | undefined): unknown {
  return jsonOf([value]) === undefined ? (text ?? '') : value;
}

/** V8 reads JSON of any depth and cannot write it again: nothing for lists in lists in lists. */
function jsonOf(values: readonly unknown[]): readonly string[] | undefined {
  try {
    return values.map((value) => JSON.stringify(value));
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return undefined;
  }
}
