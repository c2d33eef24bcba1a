import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of real data sets beside the checkout, or where HEED_SHARED says. It is looked for from the working directory
 * upwards. Throws when there is none, saying how to name it.
 */
export function sharedDir(): string {
  const named = process.env['HEED_SHARED'];
  if (named !== undefined) return named;
  for (let folder = process.cwd(); folder !== dirname(folder); folder = dirname(folder)) {
    const shared = join(dirname(folder), 'shared');
    if (existsSync(join(shared, 'data'))) return shared;
  }
  throw new Error(
    'The data sets are not beside this checkout: set HEED_SHARED to the folder that holds data/.',
  );
}
