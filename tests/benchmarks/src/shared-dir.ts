import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '@heed/kernel';

/**
 * The folder of real data sets beside the checkout, or where HEED_SHARED says. It is looked for from the working directory
 * upwards. Throws Fault `data-sets-missing` when there is none, saying how to name it.
 */
export function sharedDir(): string {
  const named = process.env['HEED_SHARED'];
  if (named !== undefined) {
    if (existsSync(join(named, 'data'))) return named;
    throw new Fault(
      'data-sets-missing',
      `There is no folder data/ in ${named}, which HEED_SHARED names.`,
      'Set HEED_SHARED to the folder that holds data/.',
    );
  }
  for (let folder = process.cwd(); folder !== dirname(folder); folder = dirname(folder)) {
    const shared = join(dirname(folder), 'shared');
    if (existsSync(join(shared, 'data'))) return shared;
  }
  throw new Fault(
    'data-sets-missing',
    'There is no folder shared/data beside this checkout, and HEED_SHARED names no other.',
    'Set HEED_SHARED to the folder that holds data/.',
  );
}

/** A file of a data set. Throws Fault `data-sets-missing` when it is not there. */
export async function readDataSet(data: string, path: string): Promise<Buffer> {
  const file = join(data, path);
  if (existsSync(file)) return readFile(file);
  throw new Fault(
    'data-sets-missing',
    `The data set file ${path} is not in ${data}.`,
    'Put it there, or set HEED_SHARED to a folder whose data/ has it.',
  );
}
