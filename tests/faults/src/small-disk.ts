import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CHUNK_BYTES = 8 * 1024 * 1024;

/** A disk of its own in memory, that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes or gives back room until so many bytes are free, as far as nobody else fills the disk. */
  readonly leave: (bytes: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Undefined where one may not mount: only root may. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-small-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  await writeFile(filler, '');
  return {
    folder,
    leave: async (bytes) => {
      for (
        let excess = (await roomOn(folder)) - bytes;
        excess !== 0;
        excess = (await roomOn(folder)) - bytes
      ) {
        const { size } = await stat(filler);
        if (excess < 0) {
          await truncate(filler, Math.max(0, size + excess));
          return;
        }
        // Others write too, so that the last piece may not fit any more.
        await appendFile(filler, Buffer.alloc(Math.min(CHUNK_BYTES, excess))).catch(refuseAllButFull);
      }
    },
    remove: async () => {
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function roomOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function refuseAllButFull(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown;
}
