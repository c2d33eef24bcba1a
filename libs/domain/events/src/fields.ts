import { z } from 'zod';
import { DEFAULT_EVENT_LIMITS } from './event-limits.ts';
import { rfc3339Ms } from './rfc3339.ts';

/** A field that may be left out, but is not `null` or `undefined` when it is there. */
export const maybe = z.exactOptional;

/** An opaque id; its size, too, is judged apart. Neither control characters nor halves of characters, which stores and consoles would change. */
export const identifier = z
  .string()
  .min(1)
  .refine(isCleanId, { error: 'an id without control characters and broken characters' })
  .meta({ maxLength: DEFAULT_EVENT_LIMITS.idBytes });

/** Free text; its size is judged apart, against the limits of the running service. */
export const text = z.string();

/** A short word of the producer's own, such as a label, an aspect or a policy. */
export const name = z.string().min(1);

/** Values by names of the producer's own. `z.record` says the same, but takes twice the time. */
export function named<Value extends z.ZodType>(value: Value) {
  return z.object({}).catchall(value);
}

export const timestamp = z
  .string()
  .refine((value) => rfc3339Ms(value) !== undefined, { error: 'an RFC 3339 timestamp with a zone' })
  .meta({ format: 'date-time' });

export const durationMs = z.number().nonnegative();

export const judge = z.enum(['human', 'model']);

export function isCleanId(id: string): boolean {
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return false;
  }
  return id.isWellFormed();
}
