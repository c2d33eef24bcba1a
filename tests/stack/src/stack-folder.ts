import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for a stack's data. Others may pass it but not list it: PostgreSQL runs as another user than root. */
export async function stackFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'heed-stack-'));
  await chmod(folder, 0o711);
  return folder;
}
