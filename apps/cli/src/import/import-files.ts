import { performance } from 'node:perf_hooks';
import type { HeedClient } from '../connect/heed-client.ts';
import { importFile, type FileImport, type ImportPlan } from './import-file.ts';
import { ImportReporter } from './import-reporter.ts';
import type { Input } from './open-input.ts';
import { waitUntilProjected } from './wait-until-projected.ts';
import type { TextSink } from '../shell.ts';

export interface ImportReport {
  /** Records: read, brought in by an earlier run already, and kept as dead letters because they gave no events. */
  readonly read: number;
  readonly resumed: number;
  readonly rejectedRows: number;
  /** Events. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly deadLetters: Readonly<Record<string, number>>;
  /** Until everything was durable in the log, and until the warehouse showed it. */
  readonly sentSeconds: number;
  readonly seconds: number;
  /** False when the warehouse did not move for two minutes: everything is safe, and shows later. */
  readonly projected: boolean;
  /** Files that could not be read to their end. */
  readonly unreadable: readonly { readonly file: string; readonly title: string; readonly remedy: string }[];
}

/** Brings files in one after the other and waits until the warehouse shows them. */
export async function importFiles(
  client: HeedClient,
  inputs: readonly Input[],
  plan: ImportPlan,
  stderr: TextSink,
): Promise<ImportReport> {
  const beganAtMs = performance.now();
  const reporter = new ImportReporter(stderr);
  const done: { readonly file: string; readonly imported: FileImport }[] = [];
  try {
    for (const input of inputs) {
      done.push({ file: input.name, imported: await importFile(client, input, plan, reporter) });
    }
    const sentSeconds = secondsSince(beganAtMs);
    const projection = await waitUntilProjected(client, (lag) => reporter.lag(lag));
    for (const { imported } of done) await imported.finish();
    const { read, resumed, rejectedRows, accepted, duplicates, deadLetters } = reporter.tally;
    const unreadable = done.flatMap(({ file, imported: { fault } }) =>
      fault === undefined ? [] : [{ file, title: fault.message, remedy: fault.remedy }],
    );
    const counts = { read, resumed, rejectedRows, accepted, duplicates, deadLetters };
    const seconds = secondsSince(beganAtMs);
    return { ...counts, sentSeconds, seconds, projected: projection === 'shown', unreadable };
  } finally {
    reporter.clear();
  }
}

function secondsSince(ms: number): number {
  return Math.round(performance.now() - ms) / 1000;
}
