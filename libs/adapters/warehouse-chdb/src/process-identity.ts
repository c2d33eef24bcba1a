import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, as the system tells it, or null when none of that id is alive. Together with the id it names the
 * process for good: ids are used again, also by the next boot, which Linux's answer therefore names too.
 */
export function processStart(pid: number): string | null {
  if (!alive(pid)) return null;
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // A process of somebody else's may not be signalled, which tells that it is there.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

function startOnLinux(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Field 22 of the line; the second field is the program's name in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // A zombie owns nothing any more.
    return fields[0] === 'Z' ? null : `${boot}/${fields[19] ?? ''}`;
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
