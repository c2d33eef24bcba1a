import { readFile, rm, writeFile } from 'node:fs/promises';
import { Fault } from '@heed/kernel';
import { z } from 'zod';
import { birthOf, isAlive } from './running-process.ts';
import type { ServerFiles } from './server-files.ts';

const ownerRecord = z.object({ pid: z.int().positive(), birth: z.string() });

const openedHere = new Set<string>();

/**
 * Notes that this process works with the folder. Throws Fault `data-folder-in-use` while another one does; a process that
 * died without giving the folder back does not count.
 */
export async function claimFolder(files: ServerFiles): Promise<void> {
  const owner = await ownerOf(files);
  if (openedHere.has(files.dataDir) || owner !== undefined) {
    throw new Fault(
      'data-folder-in-use',
      `The data folder ${files.dataDir} is in use by process ${owner ?? process.pid}.`,
      'Stop that process, use it through its address, or choose another data folder.',
    );
  }
  const record = JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) });
  await writeFile(files.owner, record, { mode: 0o600 });
  openedHere.add(files.dataDir);
}

export async function giveFolderBack(files: ServerFiles): Promise<void> {
  openedHere.delete(files.dataDir);
  await rm(files.owner, { force: true });
}

async function ownerOf(files: ServerFiles): Promise<number | undefined> {
  const text = await readFile(files.owner, 'utf8').catch(() => '');
  const record = ownerRecord.safeParse(parseJson(text));
  if (!record.success || record.data.pid === process.pid || !isAlive(record.data.pid)) return undefined;
  return (await birthOf(record.data.pid)) === record.data.birth ? record.data.pid : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
