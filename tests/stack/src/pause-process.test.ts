import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { pauseProcess } from './pause-process.ts';

const run = promisify(execFile);

/** Four threads that burn time, and a main thread that waits. */
const BUSY = `
const { Worker } = require('node:worker_threads');
for (let nth = 0; nth < 4; nth++) new Worker('for (;;);', { eval: true });
setTimeout(() => console.log('busy'), 50);
setInterval(() => {}, 1000);
`;

it('a process that is paused does nothing more, from the moment it is told', async () => {
  const busy = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = busy;
  if (pid === undefined) throw new Error('node did not start');
  try {
    await once(busy.stdout, 'data');
    await pauseProcess(pid);
    const spent = await cpuTicks(pid);
    // As long as another process takes, in which threads that run would be given time as well.
    await run(process.execPath, ['-e', '']);
    expect(await cpuTicks(pid)).toBe(spent);
    busy.kill('SIGCONT');
    await expect.poll(() => cpuTicks(pid), { timeout: 30_000 }).toBeGreaterThan(spent);
  } finally {
    busy.kill('SIGKILL');
  }
});

async function cpuTicks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
