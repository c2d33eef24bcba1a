import { migrateWarehouse, type Warehouse } from '@heed/warehouse';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchStores } from './bench-stores.ts';

const NEWLINE = 10;

interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly file: string;
}

/** The warehouse, with every insert kept in a file as well: the rows that a projection writes, in the pieces in which it writes them. */
export class RecordedInserts {
  readonly #inserts: Insert[] = [];
  readonly #folder: string;
  rows = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  of(warehouse: Warehouse): Warehouse {
    return new Proxy(warehouse, {
      get: (target, name) =>
        name === 'insert'
          ? async (...args: Parameters<Warehouse['insert']>): Promise<void> => {
              this.#keep(...args);
              await target.insert(...args);
            }
          : bound(target, name),
    });
  }

  /** Seconds for the same inserts, of the same tables with the same durability, one after the other, into an empty database. */
  async replayInto({ warehouse, migrations }: BenchStores): Promise<number> {
    const raw = await warehouse.inDatabase('heed_raw');
    await migrateWarehouse(raw, migrations);
    let seconds = 0;
    for (const { table, columns, file } of this.#inserts) {
      const rows = readFileSync(file);
      const startedNs = process.hrtime.bigint();
      await raw.insert(table, columns, rows);
      seconds += Number(process.hrtime.bigint() - startedNs) / 1e9;
    }
    await raw.close();
    await warehouse.execute('DROP DATABASE heed_raw SYNC');
    return seconds;
  }

  #keep(table: string, columns: readonly string[], rows: Uint8Array): void {
    if (rows.byteLength === 0) return;
    const file = join(this.#folder, `insert-${String(this.#inserts.length)}.jsonl`);
    writeFileSync(file, rows);
    for (let at = rows.indexOf(NEWLINE); at !== -1; at = rows.indexOf(NEWLINE, at + 1)) this.rows += 1;
    this.#inserts.push({ table, columns, file });
  }
}

function bound(target: Warehouse, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? (value.bind(target) as unknown) : value;
}
