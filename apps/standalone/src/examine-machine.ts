import type { Examine } from '@heed/operations';
import { statfs } from 'node:fs/promises';
import { HEED_VERSION } from './version.ts';

const LOW_DISK_BYTES = 1024 ** 3;

/** Versions, and what the machine itself lacks. */
export async function examineMachine(dataDir: string): ReturnType<Examine> {
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  const problems =
    freeBytes >= LOW_DISK_BYTES
      ? []
      : [
          {
            what: `Only ${String(Math.floor(freeBytes / 1024 ** 2))} MiB are free where ${dataDir} lies.`,
            do: 'Make room. When the disk is full Heed refuses new events with 507 and keeps what it accepted.',
          },
        ];
  return { versions: { heed: HEED_VERSION, node: process.versions.node }, problems };
}
