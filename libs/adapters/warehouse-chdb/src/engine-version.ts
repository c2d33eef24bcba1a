import { engine } from './engine.ts';

/** Which ClickHouse this is, e.g. `26.7.2.1`. */
export function version(): string {
  return engine().version().libchdb.replaceAll('"', '');
}
