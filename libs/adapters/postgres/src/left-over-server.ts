import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@heed/kernel';
import { readPostmasterFile } from './postmaster-file.ts';
import { commandOf, isGoneWithin } from './running-process.ts';

/**
 * A Heed that was killed leaves its server running, and a machine that was switched off leaves `postmaster.pid` behind. Stops the one and
 * removes the other, when its number meanwhile belongs to a process that is no server of this folder (PostgreSQL itself
 * only looks whether a process of that number lives). Call it only for a folder that nobody owns.
 */
export async function stopLeftOverServer(cluster: string): Promise<'none' | 'stopped'> {
  const left = await readPostmasterFile(cluster);
  if (left === undefined) return 'none';
  const command = await commandOf(left.pid);
  if (command === undefined) return 'none';
  if (!isServerOf(command, cluster)) {
    await rm(join(cluster, 'postmaster.pid'), { force: true });
    return 'none';
  }
  await stop(left.pid, cluster);
  return 'stopped';
}

function isServerOf(command: string, cluster: string): boolean {
  return command.includes('postgres') && command.includes(`-D ${cluster} `);
}

async function stop(pid: number, cluster: string): Promise<void> {
  // Fast shutdown first; then immediate shutdown, after which the next start recovers from the write-ahead log.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    process.kill(pid, signal);
    if (await isGoneWithin(pid, 10_000)) return;
  }
  throw new Fault(
    'postgres-does-not-stop',
    `The database server ${pid}, left over by a Heed that was killed, still holds ${cluster} and does not stop.`,
    `End it (\`kill ${pid}\`) and start again.`,
  );
}
