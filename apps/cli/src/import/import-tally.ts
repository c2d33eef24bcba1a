import type { IngestResult } from '@heed/contract';
import type { RejectedRow } from './rejected-row.ts';

/** What an import has done so far, all its files together. */
export class ImportTally {
  /** Records read, those among them that an earlier run had brought in, and those that could not become events. */
  read = 0;
  resumed = 0;
  rejectedRows = 0;
  /** Events, by what the service said to them. */
  accepted = 0;
  duplicates = 0;
  readonly deadLetters: Record<string, number> = {};

  record(isResumed: boolean, rejected: RejectedRow | undefined): void {
    this.read++;
    if (isResumed) this.resumed++;
    else if (rejected !== undefined) this.rejectedRows++;
  }

  results(results: readonly IngestResult[]): void {
    for (const { status, reason = 'unknown' } of results) {
      if (status === 'accepted') this.accepted++;
      else if (status === 'duplicate') this.duplicates++;
      else this.deadLetters[reason] = (this.deadLetters[reason] ?? 0) + 1;
    }
  }
}
