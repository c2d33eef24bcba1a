import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  readonly cwd?: string;
  /** On top of what a shell needs; nothing else of this process's environment is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Whom it runs as, where this process may choose. */
  readonly uid?: number | undefined;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  file: string,
  args: readonly string[],
  { cwd, env, uid, input = '' }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(file, args, {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...asUser(uid),
  });
  // A program that ends without reading its input says why in its own words.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** What it printed; fails the test with what it complained of when it failed. */
export async function output(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(file, args, options);
  if (code !== 0)
    throw new Error(`${file} ${args.join(' ')} exited with ${String(code)}: ${stderr}${stdout}`);
  return stdout;
}

/** For a process to be started: only root may choose. */
export function asUser(uid: number | undefined): { readonly uid?: number; readonly gid?: number } {
  return uid !== undefined && process.getuid?.() === 0 ? { uid, gid: uid } : {};
}
