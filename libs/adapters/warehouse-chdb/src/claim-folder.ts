import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import { processStart } from './process-identity.ts';

const claimFile = z.object({
  pid: z.number().int().positive(),
  processStart: z.string(),
  claim: z.string(),
  facts: z.record(z.string(), z.string()),
});

export interface FolderOwner {
  readonly pid: number;
  /** What the owner noted for those who find it, such as the address it listens on. */
  readonly facts: Readonly<Record<string, string>>;
}

export interface FolderClaim {
  readonly path: string;
  /** Replaces the facts that `folderOwner` tells others. */
  note(facts: Readonly<Record<string, string>>): void;
  /** Gives the folder up. Doing it twice does nothing. */
  release(): void;
}

/** The file in the folder that says whose it is. */
export const CLAIM_FILE = 'heed.lock.json';

/**
 * Makes this process the folder's only owner until it releases it or dies: what a dead process left behind is taken over.
 * The folder is made if it is not there. Throws Fault `data-folder-in-use` naming the process that has it.
 */
export function claimFolder(folder: string, file = CLAIM_FILE): FolderClaim {
  // Others may pass through, as the database's own user must, and not look around.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const path = join(folder, file);
  const claim = randomUUID();
  let facts = {};
  const content = (): string =>
    JSON.stringify({ pid: process.pid, processStart: processStart(process.pid) ?? '', claim, facts });
  // A claim never comes into sight half-written: it is written beside, and linked or renamed into place as a whole.
  const draft = `${path}.${claim}`;
  writeFileSync(draft, content(), { mode: 0o600 });
  try {
    while (!linked(draft, path)) removeIfStale(folder, path);
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    path,
    note: (newFacts) => {
      if (readClaim(path)?.claim !== claim) return;
      facts = newFacts;
      writeFileSync(draft, content(), { mode: 0o600 });
      renameSync(draft, path);
    },
    release: () => {
      if (readClaim(path)?.claim === claim) rmSync(path, { force: true });
    },
  };
}

/** The living process that owns the folder, or null. */
export function folderOwner(folder: string, file = CLAIM_FILE): FolderOwner | null {
  const claim = readClaim(join(folder, file));
  return claim !== null && isLiving(claim) ? { pid: claim.pid, facts: claim.facts } : null;
}

function removeIfStale(folder: string, path: string): void {
  const found = readClaim(path);
  if (found !== null && isLiving(found)) {
    throw new Fault(
      'data-folder-in-use',
      `The folder ${folder} is in use by the process ${found.pid}.`,
      `Stop that process (kill ${found.pid}), or give this one another folder.`,
    );
  }
  // Two may find the same dead claim. Only one of them can move it away, and what it moved must be what it had seen.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readClaim(aside);
  if (moved !== null && moved.claim !== found?.claim) linked(aside, path);
  rmSync(aside, { force: true });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

function isLiving(claim: z.infer<typeof claimFile>): boolean {
  return processStart(claim.pid) === claim.processStart;
}

/** Null when there is none, or when what is there is no claim: nobody who wrote it as above can be behind it. */
function readClaim(path: string): z.infer<typeof claimFile> | null {
  try {
    return claimFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
