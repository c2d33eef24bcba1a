import type { Attributes, AttributeValue } from '@heed/telemetry';
import { isFields, listIn } from './fields.ts';

/** Values inside one another; what is deeper is left out. */
const MAX_DEPTH = 32;

/** A list of `KeyValue` as OTLP/JSON writes it. Of a key that comes twice the last value stands. */
export function attributesOf(given: unknown): Attributes {
  return new Map(entriesOf(given, 0));
}

function entriesOf(given: unknown, depth: number): readonly (readonly [string, AttributeValue])[] {
  return listIn(given).flatMap((entry) =>
    isFields(entry) && typeof entry['key'] === 'string'
      ? [[entry['key'], valueOf(entry['value'], depth)] as const]
      : [],
  );
}

function valueOf(given: unknown, depth: number): AttributeValue {
  if (!isFields(given) || depth >= MAX_DEPTH) return null;
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = given;
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  // A 64-bit integer is a text in JSON; beyond 2^53 its last digits are lost, which no attribute we read depends on.
  if (typeof intValue === 'string' || typeof intValue === 'number') return finite(Number(intValue));
  if (typeof doubleValue === 'number') return finite(doubleValue);
  if (isFields(arrayValue)) return listIn(arrayValue['values']).map((value) => valueOf(value, depth + 1));
  if (isFields(kvlistValue)) return Object.fromEntries(entriesOf(kvlistValue['values'], depth + 1));
  return null;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
