import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Mapping } from '@heed/importing';
import type { Layout } from './detect-format.ts';
import type { Input } from './open-input.ts';

const HEAD_BYTES = 64 * 1024;

export interface FingerprintParts {
  readonly tenant: string;
  readonly layout: Layout;
  readonly mapping: Mapping | undefined;
  readonly gapMs: number | undefined;
}

/**
 * Names one import of one file: the same only while the file and everything that decides what becomes of its records are.
 * Size and time of change stand for the part after the first 64 KiB: a file that was edited or has grown is another import,
 * and is read again from its beginning (which doubles nothing). Nothing for standard input, which cannot be compared.
 */
export async function fingerprintOf(input: Input, parts: FingerprintParts): Promise<string | undefined> {
  if (input.file === undefined) return undefined;
  const { path, size, modifiedMs } = input.file;
  const { tenant, layout, mapping = null, gapMs = null } = parts;
  const decisive = JSON.stringify(['heed.import.v1', tenant, layout, mapping, gapMs, size, modifiedMs]);
  return createHash('sha256')
    .update(decisive)
    .update(await headOf(path))
    .digest('hex');
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
