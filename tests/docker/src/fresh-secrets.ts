import { join } from 'node:path';
import { docker } from './dockerfile.ts';
import { output } from './run.ts';

/** What `node docker/write-secrets.mjs` writes, by name. */
export async function freshSecrets(): Promise<Readonly<Record<string, string>>> {
  const written = await output(process.execPath, [join(docker, 'write-secrets.mjs')]);
  return Object.fromEntries(
    written
      .trim()
      .split('\n')
      .map((text): [string, string] => {
        const at = text.indexOf('=');
        return [text.slice(0, at), text.slice(at + 1)];
      }),
  );
}
