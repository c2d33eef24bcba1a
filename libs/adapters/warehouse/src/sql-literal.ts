import type { SqlValue, SqlValues } from './warehouse.ts';

const PLACEHOLDER = /\{(\w+):([\w()]+)\}/gu;

/**
 * Puts values into a statement as literals. chDB's own binding is one for the whole process, so that a bound query waits for
 * every other; a server takes no parameter longer than 128 KiB. Literals have neither limit. Throws TypeError when a value is
 * missing or not of its type.
 *
 * @example withLiterals("SELECT {a:String}", { a: "it's" }) // "SELECT 'it\\'s'"
 */
export function withLiterals(sql: string, values: SqlValues): string {
  return sql.replace(PLACEHOLDER, (_, name: string, type: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`The statement's {${name}:${type}} was given no value.`);
    return literal(value, type);
  });
}

function literal(value: SqlValue, type: string): string {
  const element = /^Array\((String|UInt64)\)$/u.exec(type)?.[1];
  if (element === undefined) return scalar(value, type);
  if (!isList(value)) throw new TypeError(`A value of type ${type} must be a list.`);
  const items = value.map((item) => scalar(item, element)).join(',');
  if (items === '') return `CAST([], '${type}')`;
  // Numbers as one text: parsed at once, where a list of thousands of literals is a tree of thousands of nodes.
  return element === 'String' ? `[${items}]` : `CAST('[${items}]', '${type}')`;
}

function isList(value: SqlValue): value is readonly string[] | readonly bigint[] {
  return Array.isArray(value);
}

function scalar(value: SqlValue, type: string): string {
  if (type === 'String' && typeof value === 'string') return quoted(value);
  if (type === 'Date' && typeof value === 'string') return `CAST(${quoted(value)}, 'Date')`;
  if (type === 'Float64' && typeof value === 'number' && Number.isFinite(value))
    return `CAST(${value}, 'Float64')`;
  if (type === 'UInt64' || type === 'Int64') return integer(value, type);
  throw new TypeError(`A ${typeof value} cannot stand for the SQL type ${type}.`);
}

function integer(value: SqlValue, type: string): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value)))
    return value.toString();
  throw new TypeError(`A value of type ${type} must be a whole number.`);
}

/** In a ClickHouse literal only the backslash and the quote mean anything but themselves. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/gu, '\\$&')}'`;
}
