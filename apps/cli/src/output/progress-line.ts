import { performance } from 'node:perf_hooks';
import type { TextSink } from '../shell.ts';

const IN_PLACE_MS = 100;
const LINES_MS = 5000;

/** Progress on stderr: one line rewritten in place on a terminal, a line every five seconds in a log. */
export class ProgressLine {
  readonly #sink: TextSink;
  readonly #now: () => number;
  #shownAtMs: number;
  #shownWidth = 0;

  constructor(sink: TextSink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
    this.#shownAtMs = sink.isTTY === true ? -Infinity : now();
  }

  /** `text` is only asked for when it is time to show it. */
  show(text: () => string): void {
    const now = this.#now();
    if (now - this.#shownAtMs < (this.#sink.isTTY === true ? IN_PLACE_MS : LINES_MS)) return;
    this.#shownAtMs = now;
    if (this.#sink.isTTY !== true) {
      this.#sink.write(`${text()}\n`);
      return;
    }
    const line = text().slice(0, (this.#sink.columns ?? 80) - 1);
    this.#sink.write(`\r${line.padEnd(this.#shownWidth)}`);
    this.#shownWidth = line.length;
  }

  /** A line that stays, above the progress. */
  note(text: string): void {
    this.clear();
    this.#sink.write(`${text}\n`);
  }

  /** Takes the line off a terminal, before something else is written there. */
  clear(): void {
    if (this.#shownWidth > 0) this.#sink.write(`\r${' '.repeat(this.#shownWidth)}\r`);
    this.#shownWidth = 0;
  }
}
