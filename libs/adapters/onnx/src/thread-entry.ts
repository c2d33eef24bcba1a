import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Where a thread's program stands: in the sources where it is written; in the built program at its top, this file being in there somewhere.
 *
 * @param source the entry, from which the build makes a file of the same name
 */
export function threadEntry(source: URL): URL | string {
  if (import.meta.filename.endsWith('.ts')) return source;
  const built = `${basename(source.pathname, '.ts')}.js`;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, built);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${built} is not beside this program: it is not installed whole`);
}
