import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@heed/kernel';
import type { Shell } from '../shell.ts';
import { runningService } from './running-service.ts';
import { spawnService, type SpawnedService } from './spawn-service.ts';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** A service to work with, and how to leave it: one that ran before stays, one that was started for the work stops. */
export interface FoundService extends SpawnedService {
  readonly isStartedHere: boolean;
}

/**
 * The service that runs on a folder, else one started on it. A folder that somebody is still closing (the service of a
 * command that was killed a moment ago, or of one about to end) is waited for.
 */
export async function serviceOnFolder(
  { programs, stderr }: Shell,
  dir: string,
  encoders: readonly string[],
): Promise<FoundService> {
  const beganAtMs = performance.now();
  // A mistyped name would otherwise look like a Heed that has lost everything.
  if (!existsSync(dir))
    stderr.write(`heed: there is no folder ${dir} yet; it is made, with nothing in it.\n`);
  for (let told = false; ;) {
    const running = await runningService(dir);
    if (running !== undefined) return { ...running, isStartedHere: false, stop: () => Promise.resolve() };
    try {
      return { ...(await spawnService(programs, dir, encoders)), isStartedHere: true };
    } catch (fault) {
      if (!isInUse(fault) || performance.now() - beganAtMs > PATIENCE_MS) throw fault;
      if (!told) stderr.write(`heed: ${fault.message} Waiting until it is done.\n`);
      told = true;
      await sleep(PAUSE_MS);
    }
  }
}

function isInUse(fault: unknown): fault is Fault {
  return fault instanceof Fault && fault.code === 'data-folder-in-use';
}
