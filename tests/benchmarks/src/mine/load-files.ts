/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { wordingOf, type SyntheticLoad } from './synthetic-load.ts';

const FLUSH_AT = 1 << 22;

/** How ClickHouse is to read the file that `writeSessions` makes. */
export const SESSION_COLUMNS =
  'session UInt32, day UInt16, user UInt32, chain_end UInt8, explored UInt8, state Array(String)';

/** The sessions in ClickHouse's RowBinary, states by their wording. */
export function writeSessions(load: SyntheticLoad, path: string): void {
  const texts = Array.from({ length: load.size.states }, (_, state) => encodeText(wordingOf(state)));
  const file = openSync(path, 'w');
  const buffer = Buffer.alloc(FLUSH_AT + (1 << 20));
  let at = 0;
  for (let session = 0; session < load.size.sessions; session++) {
    at = buffer.writeUInt32LE(session, at);
    at = buffer.writeUInt16LE(load.day[session]!, at);
    at = buffer.writeUInt32LE(load.user[session]!, at);
    at = buffer.writeUInt8(load.end[session]!, at);
    at = buffer.writeUInt8(load.explored[session]!, at);
    const end = load.start[session + 1]!;
    at = writeLength(buffer, at, end - load.start[session]!);
    for (let turn = load.start[session]!; turn < end; turn++)
      at += texts[load.states[turn]!]!.copy(buffer, at);
    if (at < FLUSH_AT) continue;
    writeSync(file, buffer, 0, at);
    at = 0;
  }
  writeSync(file, buffer, 0, at);
  closeSync(file);
}

/** The same sessions as plain little-endian arrays, states as numbers, for `numpy.fromfile`; and what the numbers mean. */
export function writeColumns(load: SyntheticLoad, folder: string): void {
  const { size, ...columns } = load;
  for (const [name, column] of Object.entries(columns)) {
    writeFileSync(
      join(folder, `${name}.bin`),
      new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    );
  }
  writeFileSync(
    join(folder, 'wordings.txt'),
    Array.from({ length: size.states }, (_, state) => wordingOf(state)).join('\n'),
  );
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const whole = Buffer.alloc(bytes.length + 2);
  return whole.subarray(
    0,
    writeLength(whole, 0, bytes.length) + bytes.copy(whole, writeLength(whole, 0, bytes.length)),
  );
}

/** LEB128, as RowBinary has it before strings and arrays. */
function writeLength(buffer: Buffer, at: number, length: number): number {
  let rest = length;
  let place = at;
  while (rest >= 128) {
    buffer[place++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[place++] = rest;
  return place;
}
