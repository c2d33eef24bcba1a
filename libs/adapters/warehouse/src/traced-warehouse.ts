import { NO_TRACING, traced, type SpanFacts, type Tracing } from '@heed/telemetry';
import type { Warehouse } from './warehouse.ts';

/** The same warehouse, with a span for every statement by what it does and to which table; never its text. */
export function tracedWarehouse(warehouse: Warehouse, tracing: Tracing): Warehouse {
  if (tracing === NO_TRACING) return warehouse;
  const { database } = warehouse;
  const statement = <T>(operation: string, table: string, work: () => Promise<T>): Promise<T> => {
    const facts: SpanFacts = {
      'db.system.name': 'clickhouse',
      'db.namespace': database,
      'db.operation.name': operation,
      ...(table !== '' && { 'db.collection.name': table }),
    };
    return traced(tracing, `${operation} ${table}`.trim(), { kind: 'client', facts }, work);
  };
  const named = <T>(sql: string, work: () => Promise<T>): Promise<T> =>
    statement(operationIn(sql), tableIn(sql), work);
  return {
    database,
    query: (row, sql, values) => named(sql, () => warehouse.query(row, sql, values)),
    queryBinary: (sql, values) => named(sql, () => warehouse.queryBinary(sql, values)),
    insert: (table, columns, rows) =>
      statement('INSERT', table, () => warehouse.insert(table, columns, rows)),
    execute: (sql, values) => named(sql, () => warehouse.execute(sql, values)),
    answers: () => warehouse.answers(),
    inDatabase: async (name) => tracedWarehouse(await warehouse.inDatabase(name), tracing),
    close: () => warehouse.close(),
  };
}

/** `SELECT` for a statement that begins by naming what it selects from as well. */
function operationIn(sql: string): string {
  const [word = ''] = /[a-z]+/iu.exec(sql) ?? [];
  return word.toUpperCase() === 'WITH' ? 'SELECT' : word.toUpperCase();
}

/** The first table that the statement names, all of which are ours; empty where it begins with another query, or names none. */
function tableIn(sql: string): string {
  const [, table = ''] = /\b(?:FROM|INTO|TABLE(?:\s+IF\s+(?:NOT\s+)?EXISTS)?)\s+(\w+)/iu.exec(sql) ?? [];
  return table;
}
