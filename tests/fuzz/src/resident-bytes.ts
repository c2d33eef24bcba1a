import { readFileSync } from 'node:fs';

/** Memory that a process holds, as Linux counts it; throws when the process is gone. */
export function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}
