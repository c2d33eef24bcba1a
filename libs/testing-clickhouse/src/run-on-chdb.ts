import type { RawInsertFormat, Session } from 'chdb';
import { HttpInterfaceError } from './clickhouse-error.ts';
import { forOneNode } from './one-node.ts';
import type { Asked } from './read-request.ts';

export interface Ran {
  readonly result: Uint8Array;
  /** What `X-ClickHouse-Summary` tells; ClickHouse writes its numbers as texts. */
  readonly summary: Readonly<Record<string, string>>;
}

const INSERT_OF_DATA =
  /^\s*INSERT INTO (?<table>[\w.]+)(?: \((?<columns>[^)]*)\))? FORMAT (?<format>\w+)\s*$/u;

const FORMATS: readonly RawInsertFormat[] = ['JSONEachRow', 'JSONCompactEachRow', 'CSV', 'TabSeparated'];

/** Runs a request on a connection that no other has had: its settings and parameters are its own. */
export async function runOnChdb(session: Session, asked: Asked): Promise<Ran> {
  setUp(session, asked);
  const insert = asked.body.length > 0 ? INSERT_OF_DATA.exec(asked.query)?.groups : undefined;
  return insert === undefined ? runStatement(session, asked) : insertData(session, insert, asked.body);
}

function setUp(session: Session, { database, settings, readOnly }: Asked): void {
  if (database !== undefined) session.query(`USE ${quoted(database, '`')}`);
  const given = [...settings, ...(readOnly ? [['readonly', '2'] as const] : [])];
  for (const [name, value] of given) {
    if (!/^\w+$/u.test(name))
      throw new HttpInterfaceError(115, `Unknown setting '${name}'.`, 'UNKNOWN_SETTING');
    session.query(`SET ${name} = ${quoted(value, "'")}`);
  }
}

async function runStatement(session: Session, { query, body, format }: Asked): Promise<Ran> {
  const text = query === '' ? body.toString('utf8') : `${query}\n${body.toString('utf8')}`;
  if (text.trim() === '') throw new HttpInterfaceError(62, 'Syntax error: Empty query.', 'SYNTAX_ERROR');
  const ran = await session.queryAsync(forOneNode(text), { format });
  const result = ran.bytes();
  return {
    result,
    summary: {
      read_rows: String(ran.rowsRead),
      read_bytes: String(ran.bytesRead),
      written_rows: '0',
      written_bytes: '0',
      result_bytes: String(result.byteLength),
      elapsed_ns: String(Math.round(ran.elapsed * 1e9)),
    },
  };
}

async function insertData(
  session: Session,
  { table = '', columns, format: named }: Readonly<Record<string, string>>,
  values: Buffer,
): Promise<Ran> {
  const format = FORMATS.find((one) => one === named);
  if (format === undefined)
    throw new HttpInterfaceError(73, `Unknown format ${named ?? ''}.`, 'UNKNOWN_FORMAT');
  const { rowsWritten, bytesWritten, elapsed } = await session.insert({
    table,
    ...(columns !== undefined && {
      columns: columns.split(', ').map((column) => column.replaceAll('`', '')),
    }),
    values,
    format,
  });
  return {
    result: new Uint8Array(0),
    summary: {
      read_rows: String(rowsWritten),
      read_bytes: String(values.byteLength),
      written_rows: String(rowsWritten),
      written_bytes: String(bytesWritten),
      elapsed_ns: String(Math.round(elapsed * 1e9)),
    },
  };
}

function quoted(text: string, mark: string): string {
  return `${mark}${text.replace(/[\\'`]/gu, '\\$&')}${mark}`;
}
