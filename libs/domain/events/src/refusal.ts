import { err, type Err } from '@heed/kernel';
import type { DeadLetter, DeadLetterReason } from './dead-letter.ts';
import { isId, isObject } from './envelope.ts';
import type { EventLimits } from './event-limits.ts';

const LONGEST_TYPE = 100;

/** A "no" before it is known whose event it was. */
export interface Refusal {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly remedy: string;
}

/** Adds what can be read of the event's id, type and session, however broken the rest of it is. */
export function deadLetterOf(refusal: Refusal, value: unknown, limits: EventLimits): Err<DeadLetter> {
  if (!isObject(value)) return err(refusal);
  const { id, type, subject } = value;
  return err({
    ...refusal,
    ...(isId(id, limits) ? { eventId: id } : {}),
    ...(typeof type === 'string' ? { eventType: shortType(type) } : {}),
    ...(isId(subject, limits) ? { session: subject } : {}),
  });
}

/** A type as it may be shown and stored: no control characters, not too long. */
export function shortType(type: string): string {
  return type.replace(/[\p{Cc}\p{Cs}]/gu, '?').slice(0, LONGEST_TYPE);
}
