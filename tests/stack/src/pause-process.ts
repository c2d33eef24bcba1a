import { readdir, readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** A thread that waits for a slow disk stops when it has its answer. */
const WITHIN_MS = 30_000;

/** Stopped, or at its end: traced (`t`), zombie and dead ones do nothing either. */
const STILL = new Set(['T', 't', 'Z', 'X']);

/**
 * Stops a process, all its threads, and resolves when none of them runs any more: the signal only asks, and what a thread on another
 * core is busy with it may still end, an answer to a client for one.
 */
export async function pauseProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const giveUpAt = Date.now() + WITHIN_MS;
  while (!(await isStill(pid))) {
    if (Date.now() > giveUpAt) throw new Error(`process ${pid} runs on ${WITHIN_MS} ms after SIGSTOP`);
    await setImmediate();
  }
}

async function isStill(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(orGone([]));
  const states = await Promise.all(threads.map((thread) => stateOf(`/proc/${pid}/task/${thread}/stat`)));
  return states.every((state) => STILL.has(state));
}

/** The letter behind the program's name, which is in brackets and may hold anything. */
async function stateOf(file: string): Promise<string> {
  const stat = await readFile(file, 'utf8').catch(orGone(') X'));
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'X';
}

function orGone<T>(value: T): (thrown: unknown) => T {
  return (thrown) => {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return value;
    throw thrown;
  };
}
