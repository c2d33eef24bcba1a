import { Fault } from '@heed/kernel';
import { checkGraph, readModelFile, type ModelFacts } from '@heed/rewards';
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Heed's own models have some megabytes; what is much larger is none, and is not read. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The bytes of a model file that is whole, of this version, and as it was written. */
export interface CheckedModel {
  readonly facts: ModelFacts;
  readonly bytes: Uint8Array;
}

/** Throws Fault `model-missing`, `model-unreadable` or what `checkedModel` throws. */
export async function modelInFile(path: string, name = path): Promise<CheckedModel> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw unopened(name, cause);
  });
  try {
    return checkedModel(await bytesOf(file, name), name);
  } finally {
    await file.close();
  }
}

/** Throws the Faults of `readModelFile` and `checkGraph`. */
export function checkedModel(bytes: Uint8Array, name: string): CheckedModel {
  const { facts, graph } = readModelFile(bytes, name);
  checkGraph(facts, createHash('sha256').update(graph).digest('hex'), name);
  return { facts, bytes };
}

async function bytesOf(file: FileHandle, name: string): Promise<Uint8Array> {
  const stats = await file.stat();
  if (!stats.isFile())
    throw unreadable(name, stats.isDirectory() ? 'it is a folder' : 'it is no regular file');
  if (stats.size > MOST_BYTES)
    throw unreadable(name, `it has ${stats.size} bytes, a model has at most ${MOST_BYTES}`);
  return file.readFile().catch((cause: unknown) => {
    throw unreadable(name, reasonOf(cause), cause);
  });
}

function unopened(name: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return unreadable(name, reasonOf(cause), cause);
  return new Fault(
    'model-missing',
    `There is no model file ${name}.`,
    'Check the path, or train a model with `heed train`.',
    { cause },
  );
}

function unreadable(name: string, why: string, cause?: unknown): Fault {
  return new Fault(
    'model-unreadable',
    `${name} cannot be read: ${why}.`,
    'Name a model file that `heed train` wrote, and check its permissions.',
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
