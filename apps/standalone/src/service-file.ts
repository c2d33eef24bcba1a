import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVICE_FILE = 'heed.service.json';

export interface ServiceEntry {
  readonly pid: number;
  readonly url: string;
  readonly version: string;
  /** The owner's key of this start: who may read the folder may do everything with what is in it. */
  readonly key: string;
}

/** Says in the data folder where its service answers, so that `heed --data` finds it. Written whole or not at all, for this user alone. */
export function writeServiceFile(dataDir: string, entry: ServiceEntry): void {
  const path = join(dataDir, SERVICE_FILE);
  const unfinished = `${path}.new`;
  // One that a crash left behind would keep its own mode.
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
}

export function removeServiceFile(dataDir: string): void {
  rmSync(join(dataDir, SERVICE_FILE), { force: true });
}
