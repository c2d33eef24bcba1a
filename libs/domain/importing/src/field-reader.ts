import type { MappingCondition, MappingField } from './mapping.ts';
import { pathSteps, readPath } from './read-path.ts';

export type Scalar = string | number | boolean;

/** The value of a field of the mapping in one record, undefined when the record has none. */
export type FieldReader = (record: unknown) => Scalar | undefined;

/** Compiles a field once; a file has millions of records. */
export function fieldReader(field: MappingField): FieldReader {
  if (Array.isArray(field)) {
    const readers = field.map(fieldReader);
    return (record) => {
      for (const read of readers) {
        const value = read(record);
        if (value !== undefined) return value;
      }
      return undefined;
    };
  }
  if (typeof field === 'string') return pathReader(field);
  const read = 'constant' in field ? () => field.constant : pathReader(field.path);
  if (field.when === undefined) return read;
  const holds = conditionTest(field.when);
  return (record) => (holds(record) ? read(record) : undefined);
}

/** No field and a record without the field read the same. */
export function optionalReader(field: MappingField | undefined): FieldReader {
  return field === undefined ? () => undefined : fieldReader(field);
}

export function conditionTest({
  path,
  is,
  atLeast,
  atMost,
  empty,
}: MappingCondition): (record: unknown) => boolean {
  const read = pathReader(path);
  const expected = is === undefined ? undefined : new Set([is].flat().map(String));
  return (record) => {
    const value = read(record);
    const isEmpty = value === undefined || (typeof value === 'string' && value.trim() === '');
    if (empty !== undefined && isEmpty !== empty) return false;
    if (expected !== undefined && (value === undefined || !expected.has(String(value)))) return false;
    if (atLeast === undefined && atMost === undefined) return true;
    const number = isEmpty ? Number.NaN : Number(value);
    return number >= (atLeast ?? -Infinity) && number <= (atMost ?? Infinity);
  };
}

function pathReader(path: string): FieldReader {
  const steps = pathSteps(path);
  return (record) => {
    const value = readPath(record, path, steps);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : undefined;
  };
}
