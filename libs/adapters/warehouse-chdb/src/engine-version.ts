import { version as chdbVersion } from 'chdb';

/** Which ClickHouse this is, e.g. `26.7.2.1`. */
export function version(): string {
  return chdbVersion().libchdb.replaceAll('"', '');
}
