import { isObject } from './envelope.ts';
import type { EventLimits } from './event-limits.ts';
import { pathText } from './schema-problems.ts';
import { takesMoreThan } from './utf8-bytes.ts';

type Data = Readonly<Record<string, unknown>>;

/** Where `data` of any type has an id: in itself, in objects in it, and in the items of lists in it. */
const OWN_IDS = ['turn', 'user', 'unit', 'by', 'retracts'];
const INNER_IDS = [
  ['served', 'fix'],
  ['chosen', 'turn'],
  ['rejected', 'turn'],
] as const;
const LISTED_IDS = [['exposures', 'unit']] as const;

/** The first id inside `data` that is longer than the limits allow, in words. Apart from the schemas, as they know no limits. */
export function findLongId(data: Data, { idBytes }: EventLimits): string | undefined {
  const isLong = (value: unknown, key: string): boolean => {
    const id = isObject(value) ? value[key] : undefined;
    return typeof id === 'string' && takesMoreThan(idBytes, id);
  };
  const told = (path: readonly PropertyKey[]): string =>
    `${pathText('data', path)}: expected an id of at most ${idBytes} bytes`;

  for (const key of OWN_IDS) if (isLong(data, key)) return told([key]);
  for (const [field, key] of INNER_IDS) if (isLong(data[field], key)) return told([field, key]);
  for (const [field, key] of LISTED_IDS) {
    const items: unknown = data[field];
    const long = Array.isArray(items) ? items.findIndex((item) => isLong(item, key)) : -1;
    if (long >= 0) return told([field, long, key]);
  }
  return undefined;
}
