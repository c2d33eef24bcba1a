import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { repositoryFolder } from './repository-folder.ts';

const firstLine = z.object({ url: z.string(), dataDir: z.string(), readyMs: z.number() });

export interface BenchService {
  readonly url: string;
  readonly readyMs: number;
  /** Largest resident set of the service's own process so far, MiB (Linux; null elsewhere). */
  peakRssMiB(): number | null;
  stop(): Promise<void>;
}

/** The real standalone on a folder, as its own process, on a free port; `settings` are its HEED_* variables. */
export async function startService(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<BenchService> {
  const program = repositoryFolder('dist', 'standalone.js');
  const child = spawn(
    process.execPath,
    [program, '--data', dataDir, '--port', '0', '--no-demo', '--json', '--parent-exits'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      // The log is where the bench says, wherever the shell has one.
      env: { ...process.env, HEED_KAFKA_BROKERS: undefined, ...settings },
    },
  );
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [''])])) as [
    string,
  ];
  if (line === '') throw new Error('the service did not start; its reason is above');
  const { url, readyMs } = firstLine.parse(JSON.parse(line));
  return { url, readyMs, peakRssMiB: () => peakRssMiB(child.pid), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

export function peakRssMiB(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null;
  const kiB = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
  return kiB === undefined ? null : Math.round(Number(kiB) / 1024);
}
