import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { readDataSet } from '../shared-dir.ts';

/** The text of a file of the data folder, unpacked where its name ends in .gz. */
export async function textOf(data: string, path: string): Promise<string> {
  const bytes = await readDataSet(data, path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export async function jsonOf<T>(data: string, path: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await textOf(data, path)));
}

export async function linesOf<T>(data: string, path: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const lines = (await textOf(data, path)).split('\n').filter((line) => line !== '');
  return z.array(schema).parse(lines.map((line): unknown => JSON.parse(line)));
}
