import type { ZodType } from 'zod';

/** What may stand for a `{name:Type}` placeholder of a statement. Types in use: String, Date, Float64, U/Int64, Arrays of these. */
export type SqlValue = string | number | bigint | readonly string[] | readonly bigint[];
export type SqlValues = Readonly<Record<string, SqlValue>>;

/**
 * One database of a ClickHouse engine: in this process, or a server. All of Heed's SQL goes through here and uses only what
 * both have. Statements name tables without their database, placeholders are ClickHouse's own `{name:Type}`, and a statement
 * may be 16 MiB long. Statements run side by side; what must come after another awaits it.
 *
 * Faults thrown: `warehouse-failed` (the engine refused a statement), `warehouse-full` (no room on the disk), `warehouse-closed`;
 * of a server also `warehouse-unavailable` (it cannot be reached or is none) and `warehouse-denied` (it does not let Heed do this).
 */
export interface Warehouse {
  readonly database: string;
  /** Every row, read as JSON and checked against `row`. 64-bit numbers may come as texts: use `z.coerce` or `toString`. */
  query<Row>(row: ZodType<Row>, sql: string, values?: SqlValues): Promise<readonly Row[]>;
  /** The rows in ClickHouse's RowBinary format, for results too large for objects. */
  queryBinary(sql: string, values?: SqlValues): Promise<Uint8Array>;
  /** `rows` is JSONCompactEachRow: a JSON array of the named columns on each line. They must not change until it resolves. */
  insert(table: string, columns: readonly string[], rows: Uint8Array): Promise<void>;
  execute(sql: string, values?: SqlValues): Promise<void>;
  /** Resolves when the engine answers, whatever else it has to do: beside the statements that are under way, and none of them has to end for it. */
  answers(): Promise<void>;
  /** The same engine, another database, which is made if it is not there. Closing either closes only itself. */
  inDatabase(database: string): Promise<Warehouse>;
  close(): Promise<void>;
}
