import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Warehouse } from '@heed/warehouse';
import { z } from 'zod';

const nameRow = z.object({ name: z.string() });
const countRow = z.object({ count: z.coerce.number() });

/** The tables that have these words, in rows that count no more too. */
export async function tablesWith(words: string, warehouse: Warehouse): Promise<readonly string[]> {
  const tables = await warehouse.query(
    nameRow,
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await warehouse.query(
      countRow,
      `SELECT countIf(position(toString(tuple(*)), {words:String}) > 0) AS count FROM ${name}`,
      { words },
    );
    if (row === undefined || row.count > 0) found.push(name);
  }
  return found;
}

/** How many files under these folders have each of the texts. */
export function filesWith(texts: readonly string[], folders: readonly string[]): readonly number[] {
  const counts = texts.map(() => 0);
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const [index, text] of texts.entries())
        counts[index] = (counts[index] ?? 0) + Number(bytes.includes(text));
    }
  }
  return counts;
}
