import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readMapping, SHIPPED_MAPPINGS, type Mapping } from '@heed/importing';
import type { Shell } from '../shell.ts';
import { UsageFault } from '../usage-fault.ts';

export const SHIPPED_NAMES = [...SHIPPED_MAPPINGS.keys()].join(', ');

/** What --map names: a mapping that comes with Heed, or a file. Throws UsageFault. */
export async function readMappingOption(shell: Shell, name: string): Promise<Mapping> {
  const shipped = SHIPPED_MAPPINGS.get(name);
  if (shipped !== undefined) return shipped;
  const mapping = readMapping(await jsonIn(resolve(shell.cwd, name), name));
  if (mapping.ok) return mapping.value;
  throw new UsageFault(`--map ${name}: ${mapping.error.detail}`, mapping.error.remedy);
}

async function jsonIn(path: string, name: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageFault(
      `--map ${name} is neither a mapping that comes with Heed nor a file that can be read (${why})`,
      `Mappings that come with Heed: ${SHIPPED_NAMES}. docs/import.md shows how to write one.`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageFault(`--map ${name} is not JSON: ${why}`, 'docs/import.md shows how a mapping looks.');
  }
}
