import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const DIST = join(import.meta.dirname, '../../../dist');
const firstLine = z.object({ url: z.string(), readyMs: z.number() });

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `heed` as a user would, with only what a user's shell has in the environment. */
export async function heed(args: readonly string[], input = ''): Promise<Outcome> {
  const child = startHeed(args);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

/** The same, answering with the one JSON document on stdout; fails the test when the command failed. */
export async function heedJson<Shape>(
  shape: z.ZodType<Shape>,
  args: readonly string[],
  input = '',
): Promise<Shape> {
  const { code, stdout, stderr } = await heed([...args, '--json'], input);
  if (code !== 0) throw new Error(`heed ${args.join(' ')} exited with ${String(code)}: ${stderr}${stdout}`);
  return shape.parse(JSON.parse(stdout));
}

export function startHeed(args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, [join(DIST, 'heed.js'), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
}

export interface Service {
  readonly url: string;
  readonly pid: number;
  /** Everything the service printed so far. */
  readonly printed: () => string;
  /** Resolves when it has ended, with its exit code, or null where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The real standalone, as its own process, on a free port; `settings` are its HEED_* variables. */
export function startService(
  dataDir: string,
  options: readonly string[] = ['--no-demo'],
  settings: Readonly<Record<string, string>> = {},
): Promise<Service> {
  return startProgram('standalone', ['--data', dataDir, ...options], settings);
}

/** A built program that tells by its first line where it listens. */
export async function startProgram(
  name: string,
  options: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Service> {
  const args = [join(DIST, `${name}.js`), '--port', '0', '--json', ...options];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => null),
  ]);
  const ready = firstLine.safeParse(line === null ? null : JSON.parse(String(line[0])));
  if (!ready.success) {
    await exited;
    throw new Error(`${name} did not start: ${printed}`);
  }
  const { url } = ready.data;
  return {
    url,
    pid: z.number().parse(child.pid),
    printed: () => printed,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
