/** A place inside a JSON value, taken apart once. */
export type PathSteps = readonly (string | number)[];

const STEP = /([^.[\]]+)|\[(\d+)\]/gu;

/** @example pathSteps('dialog[0].text') // ['dialog', 0, 'text'] */
export function pathSteps(path: string): PathSteps {
  return [...path.matchAll(STEP)].map(([, key, index]) => key ?? Number(index));
}

/**
 * The value at a path, undefined when there is none. A name that stands in the record as it is, dots and all, as the columns
 * of a table may, is taken before the dots are.
 */
export function readPath(record: unknown, path: string, steps: PathSteps): unknown {
  if (isRecord(record) && Object.hasOwn(record, path)) return record[path];
  let value = record;
  for (const step of steps) {
    if (typeof step === 'number')
      value = Array.isArray(value) ? (value as readonly unknown[])[step] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
