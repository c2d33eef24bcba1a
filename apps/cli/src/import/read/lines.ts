import { isUtf8 } from 'node:buffer';
import { LongRow, MAX_ROW_BYTES } from './long-row.ts';
import type { UnreadableRow } from './row.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The bytes of a line that is not UTF-8; its text then has replacement characters. */
  readonly invalid?: Uint8Array;
  /** Set for a line too long to be held; its text then is only its beginning. */
  readonly long?: UnreadableRow;
}

const NEWLINE = 0x0a;

/** Splits bytes into lines, a handful at a time: without their `\n` or `\r\n`, and without a byte order mark in front. */
export async function* linesOf(
  bytes: AsyncIterable<Buffer>,
  maxBytes = MAX_ROW_BYTES,
): AsyncGenerator<readonly Line[]> {
  let number = 1;
  for await (const block of wholeLines(bytes, maxBytes)) {
    if (block instanceof LongRow) {
      const long = block.end(number, maxBytes);
      yield [{ number, text: String(long.raw), long }];
      number++;
      continue;
    }
    const lines = linesOfBlock(block, number);
    number += lines.length;
    yield lines;
  }
}

/**
 * Regroups bytes so that each block ends with a line; the last one may lack its newline. Never yields an empty block, and
 * drops a byte order mark in front. A line longer than `maxBytes` goes by without being held, and comes out as what is kept
 * of it. Pieces have to be smaller than that.
 */
export async function* wholeLines(
  bytes: AsyncIterable<Buffer>,
  maxBytes = MAX_ROW_BYTES,
): AsyncGenerator<Buffer | LongRow> {
  let begun: Buffer[] = [];
  let size = 0;
  let long: LongRow | undefined;
  for await (const piece of withoutByteOrderMark(bytes)) {
    let chunk = piece;
    const newline = chunk.indexOf(NEWLINE);
    if (long === undefined && size + (newline < 0 ? chunk.length : newline) > maxBytes) {
      long = new LongRow(begun);
      [begun, size] = [[], 0];
    }
    if (long !== undefined) {
      long.add(newline < 0 ? chunk : chunk.subarray(0, newline));
      if (newline < 0) continue;
      yield long;
      long = undefined;
      chunk = chunk.subarray(newline + 1);
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield begun.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...begun, chunk.subarray(0, end)]);
      [begun, size] = [[], 0];
    }
    if (end < chunk.length) begun.push(chunk.subarray(end));
    size += chunk.length - end;
  }
  if (long !== undefined) yield long;
  else if (begun.length > 0) yield Buffer.concat(begun);
}

/** The lines of a block of whole lines whose first line has this number. */
export function linesOfBlock(block: Buffer, first: number): readonly Line[] {
  return isUtf8(block) ? validLines(block, first) : checkedLines(block, first);
}

function validLines(block: Buffer, first: number): readonly Line[] {
  const texts = block.toString('utf8').split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text, index) => ({ number: first + index, text: withoutReturn(text) }));
}

function checkedLines(block: Buffer, first: number): readonly Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < block.length;) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline < 0 ? block.length : newline;
    const bytes = block.subarray(start, end);
    const line = { number: first + lines.length, text: withoutReturn(bytes.toString('utf8')) };
    lines.push(isUtf8(bytes) ? line : { ...line, invalid: bytes });
    start = end + 1;
  }
  return lines;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Drops the three bytes that some editors and Windows tools write in front; they may come in pieces. */
export async function* withoutByteOrderMark(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < 3) continue;
    const rest = afterByteOrderMark(head);
    if (rest.length > 0) yield rest;
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield head;
}

function afterByteOrderMark(head: Buffer): Buffer {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? head.subarray(3) : head;
}
