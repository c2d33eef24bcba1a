import { UsageFault } from '../usage-fault.ts';
import type { Layout } from './detect-format.ts';
import { SHIPPED_NAMES } from './read-mapping-option.ts';
import { isReadable, type Rows } from './read/row.ts';

/**
 * Without a mapping the records have to be CloudEvents. The first one tells: better one clear word before anything is sent
 * than a million dead letters. With `--format cloudevents` the user has said so, and whatever is none becomes a dead letter.
 */
export async function* expectEvents(name: string, layout: Layout, rows: Rows): Rows {
  if (layout === 'csv' || layout === 'tsv') throw mappingNeeded(name, `it is ${layout.toUpperCase()}`);
  let seen = false;
  for await (const some of rows) {
    const first = seen ? undefined : some.find(isReadable);
    if (first !== undefined) {
      seen = true;
      if (!isCloudEvent(first.value)) throw mappingNeeded(name, `line ${first.line} is no CloudEvent`);
    }
    yield some;
  }
}

function isCloudEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'specversion' in value;
}

function mappingNeeded(name: string, why: string): UsageFault {
  return new UsageFault(
    `${name} needs a mapping: ${why}`,
    `Say how it is to be read with --map NAME or --map FILE. Mappings that come with Heed: ${SHIPPED_NAMES}. docs/import.md shows how to write one.`,
  );
}
