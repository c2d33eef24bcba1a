import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { heldChange, type HeldChange } from './held-change.ts';
import { startServer, type ServerProcess } from './server-process.ts';

const program = fileURLToPath(new URL('./clickhouse-front-main.ts', import.meta.url));

export interface ClickHouseFrontProcess extends ServerProcess {
  /** The same when it is started again on its folder. */
  readonly url: string;
  /** From now on it refuses inserts, also after it was started again, until `takeInserts`. */
  refuseInserts(): Promise<void>;
  /** Milliseconds between the first and the last insert refused since `refuseInserts`. */
  refusedForMs(): Promise<number>;
  takeInserts(): Promise<void>;
  /** Keeps back one statement that changes something, until `letGo`: see `HeldChange`. */
  holdChange(which: HeldChange): void;
  /** The statement that is kept back; null as long as none is. */
  heldChange(): string | null;
  letGo(): Promise<void>;
}

/**
 * The HTTP front on ClickHouse's own engine as a process of its own, on 127.0.0.1. Started again on its folder, after an end of any
 * kind, it has its data and its port.
 */
export async function startClickHouseFront(folder: string): Promise<ClickHouseFrontProcess> {
  await mkdir(folder, { recursive: true });
  const port = await portOf(folder);
  const refusals = join(folder, 'refused-inserts');
  const server = await startServer({
    name: 'The ClickHouse front',
    file: process.execPath,
    args: [program, folder, port],
    readyLine: 'listening at',
  });
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    refuseInserts: () => writeFile(refusals, ''),
    refusedForMs: async () => {
      const atMs = (await readFile(refusals, 'utf8')).split('\n').filter(Boolean).map(Number);
      return (atMs.at(-1) ?? 0) - (atMs[0] ?? 0);
    },
    takeInserts: () => rm(refusals, { force: true }),
    ...heldChange(folder),
  };
}

async function portOf(folder: string): Promise<string> {
  const file = join(folder, 'port');
  const isKept = await access(file).then(
    () => true,
    () => false,
  );
  if (!isKept) await writeFile(file, String(await freePort()));
  return readFile(file, 'utf8');
}
