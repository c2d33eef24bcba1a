import { checkColumns, type Mapping } from '@heed/importing';
import type { HeedClient } from '../connect/heed-client.ts';
import { UsageFault } from '../usage-fault.ts';
import { beginning, decompressed } from './decompress.ts';
import { HEAD_BYTES, layoutOf, type Format, type Layout } from './detect-format.ts';
import { eventBatches } from './event-batches.ts';
import { expectEvents } from './expect-events.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ImportReporter } from './import-reporter.ts';
import type { Input } from './open-input.ts';
import { postEvents } from './post-events.ts';
import { ReadFault } from './read/read-fault.ts';
import type { Rows } from './read/row.ts';
import { rowsOf } from './read/rows-of.ts';
import { recordReader } from './record-events.ts';
import { oversizedEvent, tooLarge, type OutgoingEvent } from './rejected-row.ts';
import { SavedProgress } from './saved-progress.ts';
import { sendInOrder } from './send-in-order.ts';

/** How the files of one command are to be read. */
export interface ImportPlan {
  readonly tenant: string;
  readonly format: Format | undefined;
  readonly mapping: Mapping | undefined;
  readonly gapMs: number | undefined;
}

export interface FileImport {
  /** Why the file could not be read to its end; what came before is in. */
  readonly fault?: ReadFault;
  /** To be called when the whole command is done. */
  readonly finish: () => Promise<void>;
}

const REQUESTS_AT_ONCE = 12;

/** Brings one file in, as far as it can be read, from where an earlier run was cut off. */
export async function importFile(
  client: HeedClient,
  input: Input,
  plan: ImportPlan,
  reporter: ImportReporter,
): Promise<FileImport> {
  const { head, rest } = await beginning(decompressed(input.bytes()), HEAD_BYTES);
  const layout = head.length === 0 ? 'jsonl' : layoutOf(input.name, head, plan.format, plan.mapping?.format);
  const reading = rowsUntilFault(plannedRows(input, rest, layout, plan));
  const progress = new SavedProgress(client, await fingerprintOf(input, { ...plan, layout }));
  const skip = await progress.load();
  reporter.begin(input, skip);
  const batches = eventBatches(reading.rows, recordReader(readerOptions(input, plan)), {
    skip,
    onRecord: (record, rejected) => reporter.record(record < skip, rejected),
  });
  const inItsPlace = (event: OutgoingEvent): string => {
    if (event.problem === undefined) reporter.oversized({ line: event.line, problem: tooLarge(event.json) });
    return oversizedEvent(input.name, event);
  };
  await sendInOrder(
    batches,
    REQUESTS_AT_ONCE,
    ({ events }) => postEvents(client, events, inItsPlace),
    async ({ recordsIn }, results) => {
      reporter.results(results);
      await progress.advance(recordsIn);
    },
  );
  await progress.save();
  const fault = reading.fault();
  reporter.end(fault);
  return { ...(fault !== undefined && { fault }), finish: () => progress.finish() };
}

function plannedRows(input: Input, bytes: AsyncIterable<Buffer>, layout: Layout, plan: ImportPlan): Rows {
  const { mapping, format } = plan;
  const rows = rowsOf(layout, bytes, {
    ...(mapping?.columns && { columns: mapping.columns }),
    onColumns: (columns) => {
      if (mapping === undefined) return;
      const checked = checkColumns(mapping, columns);
      if (!checked.ok) throw new UsageFault(`${input.name}: ${checked.error.detail}`, checked.error.remedy);
    },
  });
  return mapping === undefined && format !== 'cloudevents' ? expectEvents(input.name, layout, rows) : rows;
}

function readerOptions({ name }: Input, { mapping, gapMs }: ImportPlan): Parameters<typeof recordReader>[0] {
  return { file: name, ...(mapping && { mapping }), ...(gapMs !== undefined && { gapMs }) };
}

/** Rows up to where reading fails: what was read before is imported like any other, and the fault is told at the end. */
function rowsUntilFault(rows: Rows): { readonly rows: Rows; readonly fault: () => ReadFault | undefined } {
  let fault: ReadFault | undefined;
  return {
    fault: () => fault,
    rows: (async function* () {
      try {
        yield* rows;
      } catch (error) {
        if (!(error instanceof ReadFault)) throw error;
        fault = error;
      }
    })(),
  };
}
