import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonlOf } from './love-log.ts';
import { caughtUp } from './post-events.ts';
import { heedJson } from './run-heed.ts';

/** A file of these lines; its path. */
export function jsonlFile(folder: string, name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, jsonlOf(lines));
  return path;
}

/** Imports a file into a tenant, and waits until all of it is in the warehouse. */
export async function importLog(
  file: string,
  tenant: string,
  at: readonly string[],
  url: string,
): Promise<void> {
  await heedJson(z.unknown(), ['import', file, '--tenant', tenant, ...at]);
  await caughtUp(url);
}
