import type { RecordReader } from './record-events.ts';
import type { OutgoingEvent, RejectedRow } from './rejected-row.ts';
import type { Rows } from './read/row.ts';

/** Events that go in one request. */
export interface EventBatch {
  readonly events: readonly OutgoingEvent[];
  /** Once this batch and all before it are acknowledged, so many records of the file are in. */
  readonly recordsIn: number;
}

export interface EventBatchOptions {
  /** Records that are in already: they are read, for what later ones need to know of them, and not sent. */
  readonly skip: number;
  readonly onRecord: (record: number, rejected: RejectedRow | undefined) => void;
}

const MAX_EVENTS = 1000;
/** Characters; far below what a request may have. */
const MAX_SIZE = 8 * 1024 * 1024;

/** Cuts the events of a file into requests. A record with many events may be spread over several. */
export async function* eventBatches(
  rows: Rows,
  read: RecordReader,
  { skip, onRecord }: EventBatchOptions,
): AsyncGenerator<EventBatch> {
  let record = 0;
  let events: OutgoingEvent[] = [];
  let size = 0;
  const cut = (recordsIn: number): EventBatch => {
    const batch = { events, recordsIn };
    [events, size] = [[], 0];
    return batch;
  };
  for await (const some of rows) {
    for (const row of some) {
      const found = read(row, record);
      onRecord(record, found.rejected);
      if (record >= skip) {
        const { line } = row;
        for (const json of found.events) {
          if (events.length >= MAX_EVENTS || size + json.length > MAX_SIZE) yield cut(record);
          events.push(found.rejected ? { json, line, problem: found.rejected.problem } : { json, line });
          size += json.length;
        }
      }
      record++;
    }
  }
  if (events.length > 0) yield cut(record);
}
