import { performance } from 'node:perf_hooks';
import type { IngestResult } from '@heed/contract';
import type { TextSink } from '../shell.ts';
import { count, duration } from '../output/numbers.ts';
import { ProgressLine } from '../output/progress-line.ts';
import { ImportTally } from './import-tally.ts';
import type { Input } from './open-input.ts';
import type { ReadFault } from './read/read-fault.ts';
import type { RejectedRow } from './rejected-row.ts';

const SHOWN_REJECTED = 20;

/** Counts what an import does and tells it on stderr while it does it. */
export class ImportReporter {
  readonly tally = new ImportTally();
  readonly #line: ProgressLine;
  #input: Input | undefined;
  #beganAtMs = 0;
  #records = 0;

  constructor(stderr: TextSink) {
    this.#line = new ProgressLine(stderr);
  }

  begin(input: Input, resumed: number): void {
    this.#input = input;
    this.#beganAtMs = performance.now();
    this.#records = 0;
    if (resumed > 0) {
      this.#line.note(
        `${input.name}: ${count(resumed)} records are in from an earlier run, going on behind them`,
      );
    }
  }

  record(isResumed: boolean, rejected: RejectedRow | undefined): void {
    this.#records++;
    this.tally.record(isResumed, rejected);
    if (rejected !== undefined && !isResumed) this.#tellRejected(rejected);
  }

  /** A record that was counted already turns out to hold an event that the service does not take. */
  oversized(rejected: RejectedRow): void {
    this.tally.rejectedRows++;
    this.#tellRejected(rejected);
  }

  #tellRejected(rejected: RejectedRow): void {
    if (this.tally.rejectedRows <= SHOWN_REJECTED) {
      this.#line.note(`${this.#input?.name ?? ''}: line ${rejected.line}: ${rejected.problem}`);
    } else if (this.tally.rejectedRows === SHOWN_REJECTED + 1) {
      this.#line.note('... more rows like these; `heed dead-letters` has them all');
    }
  }

  results(results: readonly IngestResult[]): void {
    this.tally.results(results);
    this.#line.show(() => this.#progressText());
  }

  end(fault: ReadFault | undefined): void {
    const name = this.#input?.name ?? '';
    if (fault !== undefined) {
      this.#line.note(
        `${name}: ${fault.message}; ${count(this.#records)} records were read before it and are in\n  ${fault.remedy}`,
      );
    } else if (this.#records === 0) {
      this.#line.note(`${name} is empty: there are no records in it`);
    }
  }

  lag(lag: number): void {
    this.#line.show(() => `everything is in the log; ${count(lag)} entries until the warehouse has it`);
  }

  clear(): void {
    this.#line.clear();
  }

  #progressText(): string {
    const seconds = (performance.now() - this.#beganAtMs) / 1000;
    const rate = `${count(this.#records)} records, ${count(this.#records / seconds)}/s`;
    const size = this.#input?.file?.size ?? 0;
    const share = size > 0 ? (this.#input?.bytesRead() ?? 0) / size : 0;
    const left =
      share > 0 ? `, ${(100 * share).toFixed(0)} %, ${duration((seconds * (1 - share)) / share)} left` : '';
    return `${this.#input?.name ?? ''}: ${rate}${left}`;
  }
}
