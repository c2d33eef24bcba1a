import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Fault } from '@heed/kernel';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs one of Heed's other programs in the foreground, on this process's own input and output, and answers its exit code.
 * A signal is passed on, so that the program closes its stores before this one ends.
 */
export async function runProgram(program: string, args: readonly string[]): Promise<number> {
  if (!existsSync(program)) {
    throw new Fault('not-built', `the program ${program} is missing`, 'Run `npm run build` in the checkout.');
  }
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    await once(child, 'exit');
    return child.exitCode ?? 1;
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}
