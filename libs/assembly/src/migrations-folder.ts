import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `migrations/<store>`, looked for from this file upwards: sources and the built program stand at different depths. */
export function migrationsFolder(store: string): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'migrations', store);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`migrations/${store} is not beside this program: it is not installed whole`);
}
