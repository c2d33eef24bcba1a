import { join } from 'node:path';

/** What the embedded server keeps in Heed's data folder. */
export interface ServerFiles {
  readonly dataDir: string;
  /** PostgreSQL's own folder. */
  readonly cluster: string;
  /** Where a new cluster is prepared; it becomes `cluster` by one rename, so `cluster` is never half of one. */
  readonly unfinished: string;
  readonly password: string;
  readonly log: string;
  /** Which process the server works for. */
  readonly owner: string;
}

export function serverFiles(dataDir: string): ServerFiles {
  return {
    dataDir,
    cluster: join(dataDir, 'postgres'),
    unfinished: join(dataDir, 'postgres.unfinished'),
    password: join(dataDir, 'postgres.password'),
    log: join(dataDir, 'postgres.log'),
    owner: join(dataDir, 'postgres.owner.json'),
  };
}
