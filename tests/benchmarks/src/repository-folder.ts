import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder of the repository, looked for from this program upwards: the bench runs from its source and from dist/. */
export function repositoryFolder(...path: readonly string[]): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, ...path);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`${join(...path)} is not above this program: run the bench from a checkout`);
}
