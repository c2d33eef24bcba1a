import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const BUILT = 'training-worker.js';

/** Where the thread's program stands: beside this file in the sources; in the built program at its top, this file being in there somewhere. */
export function threadEntry(): URL | string {
  if (import.meta.filename.endsWith('.ts')) return new URL('./training-worker.ts', import.meta.url);
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, BUILT);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${BUILT} is not beside this program: it is not installed whole`);
}
