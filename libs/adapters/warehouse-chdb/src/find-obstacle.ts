import { accessSync, closeSync, constants, openSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** What the engine must be able to do at once, roughly: a few dozen files open, some room to write. */
const NEEDED = { openFiles: 64, bytes: 16 * 1024 * 1024 };

export interface Obstacle {
  readonly what: string;
  readonly remedy: string;
}

/** What of the machine keeps a folder from being opened, however sound its files are; undefined when nothing does. */
export function findObstacle(folder: string): Obstacle | undefined {
  return tooFewFiles(folder) ?? noRoom(folder) ?? noPermission(folder);
}

function tooFewFiles(folder: string): Obstacle | undefined {
  const open: number[] = [];
  try {
    while (open.length < NEEDED.openFiles) open.push(openSync(folder, 'r'));
    return undefined;
  } catch {
    return {
      what: 'this process may not open enough files, or not this folder',
      remedy: 'Raise the limit of open files (ulimit -n) and look at the permissions of the folder.',
    };
  } finally {
    for (const file of open) closeSync(file);
  }
}

function noRoom(folder: string): Obstacle | undefined {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= NEEDED.bytes) return undefined;
  return { what: 'its disk has no room left', remedy: 'Make room on that disk and start again.' };
}

function noPermission(folder: string): Obstacle | undefined {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // The engine's links may point at what is gone; where they point is looked at by itself.
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    try {
      accessSync(path, constants.R_OK);
    } catch {
      return { what: `${path} may not be read`, remedy: 'Give this user the right to read it.' };
    }
  }
  return undefined;
}
