import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server writes into its folder: `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** undefined when there is none, or none that can be read as one. */
export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = '', , , port = '', , , , status = ''] = text.split('\n');
  const known = Number.parseInt(pid, 10);
  if (!Number.isSafeInteger(known) || known <= 0) return undefined;
  return { pid: known, port: Number.parseInt(port, 10), ready: status.trim() === 'ready' };
}
