import { LongRow, MAX_ROW_BYTES } from './long-row.ts';
import { ReadFault } from './read-fault.ts';
import type { UnreadableRow } from './row.ts';

/** A value, or what is kept of one that is too long to be held. */
export type FoundValue = ValueBytes | UnreadableRow;

/** The bytes of one JSON value, and the line it begins on. */
export interface ValueBytes {
  readonly line: number;
  readonly bytes: Buffer;
}

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Finds where JSON values begin and end by counting brackets outside of strings; what lies between is left to JSON.parse. A
 * list around everything is opened up, so that its elements are the values. All bytes looked for are ASCII, which UTF-8
 * uses for nothing else, so a chunk may end anywhere, even inside a character.
 */
export class JsonSplitter {
  /** Why nothing can be read any more: from here nobody can tell where a value begins. */
  fault: ReadFault | undefined;

  readonly #maxBytes: number;
  #values: FoundValue[] = [];
  #list: 'not seen' | 'open' | 'closed' | 'none' = 'not seen';
  #line = 1;
  #inValue = false;
  #inString = false;
  #escaped = false;
  /** Brackets open inside the value. */
  #depth = 0;
  #valueLine = 0;
  /** Where the value begins in this chunk (0 when it began in an earlier one), and its bytes so far. */
  #start = 0;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  /** The value, when it is too long to be held. */
  #long: LongRow | undefined;

  constructor(maxBytes = MAX_ROW_BYTES) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    this.#start = 0;
    let at = 0;
    while (at < chunk.length && this.fault === undefined) {
      if (!this.#inValue) at = this.#between(chunk, at);
      else if (this.#inString) at = this.#insideString(chunk, at);
      else at = this.#insideValue(chunk, at);
    }
    if (this.#inValue) this.#keep(chunk.subarray(this.#start));
  }

  /** Only the end of the file ends a bare number, and tells what was left open. */
  end(): void {
    if (this.#inString || this.#depth > 0) {
      this.#stop(`the file ends inside the value that begins at line ${this.#valueLine}`);
      return;
    }
    if (this.#inValue) this.#finish(Buffer.alloc(0), 0);
    if (this.#list === 'open') this.#stop('the file ends before its list is closed');
  }

  /** The values completed since the last call. */
  take(): readonly FoundValue[] {
    const values = this.#values;
    this.#values = [];
    return values;
  }

  #between(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    if (byte === NEWLINE) this.#line++;
    if (isBlank(byte) || (byte === COMMA && this.#list === 'open')) return at + 1;
    if (byte === OPEN_LIST && this.#list === 'not seen') {
      this.#list = 'open';
      return at + 1;
    }
    if (byte === CLOSE_LIST && this.#list === 'open') {
      this.#list = 'closed';
      return at + 1;
    }
    if (this.#list === 'closed') return this.#stop('something follows the end of the list');
    if (this.#list === 'not seen') this.#list = 'none';
    this.#inValue = true;
    this.#valueLine = this.#line;
    this.#start = at;
    return at;
  }

  #insideString(chunk: Buffer, at: number): number {
    let i = at;
    for (; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return this.#depth === 0 ? this.#finish(chunk, i + 1) : i + 1;
      }
      if (byte === NEWLINE) this.#line++;
    }
    return i;
  }

  #insideValue(chunk: Buffer, at: number): number {
    const byte = chunk[at];
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        return at + 1;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.#depth++;
        return at + 1;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        if (this.#depth > 1) {
          this.#depth--;
          return at + 1;
        }
        if (this.#depth === 1) {
          this.#depth = 0;
          return this.#finish(chunk, at + 1);
        }
        return byte === CLOSE_LIST && this.#list === 'open'
          ? this.#finish(chunk, at)
          : this.#stop('a bracket closes that was never opened');
      default:
        if (this.#depth === 0 && (isBlank(byte) || byte === COMMA)) return this.#finish(chunk, at);
        if (byte === NEWLINE) this.#line++;
        return at + 1;
    }
  }

  /** Ends the value before `end` and answers where to read on. */
  #finish(chunk: Buffer, end: number): number {
    this.#keep(chunk.subarray(this.#start, end));
    const line = this.#valueLine;
    this.#values.push(this.#long?.end(line, this.#maxBytes) ?? { line, bytes: Buffer.concat(this.#begun) });
    [this.#begun, this.#begunBytes, this.#long] = [[], 0, undefined];
    this.#inValue = false;
    return end;
  }

  #keep(part: Buffer): void {
    this.#begunBytes += part.length;
    if (this.#long === undefined && this.#begunBytes > this.#maxBytes) {
      this.#long = new LongRow(this.#begun);
      this.#begun = [];
    }
    if (this.#long === undefined) this.#begun.push(part);
    else this.#long.add(part);
  }

  #stop(what: string): number {
    this.#inValue = false;
    this.fault = new ReadFault(
      `line ${this.#line}: ${what}`,
      'Get the file whole, or correct it there. One JSON value a line (JSONL) would survive such damage.',
    );
    return Number.POSITIVE_INFINITY;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;
}
