import { createHash } from 'node:crypto';
import type { UnreadableRow } from './row.ts';

/** A longer row is not held in memory, whatever the layout: no text in Node may be much longer, and no service takes it. */
export const MAX_ROW_BYTES = 64 * 1024 * 1024;

/** How much is kept of a row that cannot be kept whole. */
const KEPT_CHARACTERS = 1000;
const LONGEST_CHARACTER_BYTES = 4;
const QUOTE = 0x22;

/** A row too long to be held: its bytes go by, its beginning, size and digest stay. */
export class LongRow {
  readonly #hash = createHash('sha256');
  #head = Buffer.alloc(0);
  #bytes = 0;
  #quotes = 0;

  constructor(begun: readonly Buffer[]) {
    for (const chunk of begun) this.add(chunk);
  }

  add(chunk: Buffer): void {
    const missing = KEPT_CHARACTERS * LONGEST_CHARACTER_BYTES - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, missing)]);
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(QUOTE); at >= 0; at = chunk.indexOf(QUOTE, at + 1)) this.#quotes++;
  }

  /** Whether it opens a quote that it does not close, or closes one that it did not open. */
  get hasOddQuotes(): boolean {
    return this.#quotes % 2 === 1;
  }

  /** To be called once, when all of it has gone by. */
  end(line: number, maxBytes: number): UnreadableRow {
    return {
      line,
      problem: `it has ${this.#bytes} bytes, a row may have at most ${maxBytes}`,
      raw: beginningOf(this.#head.toString('utf8')),
      whole: { bytes: this.#bytes, sha256: this.#hash.digest('hex') },
    };
  }
}

export function beginningOf(text: string): string {
  return text.slice(0, KEPT_CHARACTERS).toWellFormed();
}
