import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '@heed/kernel';
import type { Shell } from '../shell.ts';

/** A file, or standard input, before anything is known about its content. */
export interface Input {
  /** As the user named it. */
  readonly name: string;
  /** Absent for standard input, whose end nobody knows. */
  readonly file?: { readonly path: string; readonly size: number; readonly modifiedMs: number };
  /** Bytes as they lie in the file, compressed or not. May be read once. */
  bytes(): AsyncIterable<Buffer>;
  /** How many of them were handed out: how far the reading has come. */
  bytesRead(): number;
}

const PIECE_BYTES = 256 * 1024;

/** Throws a Fault `unreadable-file` when there is no such file, or it may not be read. */
export async function openInput(shell: Shell, name: string): Promise<Input> {
  if (name === '-') return counted('standard input', () => shell.stdin);
  const path = resolve(shell.cwd, name);
  const { size, mtimeMs } = await statOf(path, name);
  const read = (): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: PIECE_BYTES });
  return { ...counted(name, read), file: { path, size, modifiedMs: mtimeMs } };
}

function counted(name: string, read: () => AsyncIterable<Uint8Array>): Input {
  let count = 0;
  return {
    name,
    bytesRead: () => count,
    async *bytes() {
      try {
        for await (const piece of read()) {
          count += piece.byteLength;
          yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
        }
      } catch (cause) {
        throw unreadable(name, cause);
      }
    },
  };
}

async function statOf(path: string, name: string): Promise<{ size: number; mtimeMs: number }> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  if (!stats.isDirectory()) return stats;
  throw new Fault(
    'unreadable-file',
    `${name} is a folder`,
    'Name the files in it, for example with DIR/*.jsonl.',
  );
}

function unreadable(name: string, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Fault(
    'unreadable-file',
    `${name} cannot be read: ${why}`,
    'Check the path and the permissions.',
    { cause },
  );
}
