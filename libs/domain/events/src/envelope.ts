import { err, ok, type Result } from '@heed/kernel';
import type { EventLimits } from './event-limits.ts';
import { isCleanId } from './fields.ts';
import { FORBIDDEN_KEY } from './find-excess.ts';
import { rfc3339Ms } from './rfc3339.ts';
import { takesMoreThan } from './utf8-bytes.ts';

/** The outside of a CloudEvent, checked. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly session: string;
  readonly source: string;
  readonly timeMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Checks by hand what a schema would check three times slower: every event passes here, and this and `JSON.parse` are most of
 * what reading one costs. The error lists everything that is wrong.
 */
export function readEnvelope(
  event: Readonly<Record<string, unknown>>,
  limits: EventLimits,
): Result<Envelope, string> {
  const { id, type, subject, source, time, data } = event;
  const timeMs = typeof time === 'string' ? rfc3339Ms(time) : undefined;
  if (
    event['specversion'] !== '1.0' ||
    !isId(id, limits) ||
    !isId(subject, limits) ||
    typeof type !== 'string' ||
    typeof source !== 'string' ||
    source === '' ||
    timeMs === undefined ||
    !isObject(data) ||
    !isJson(event['datacontenttype']) ||
    Object.hasOwn(event, FORBIDDEN_KEY)
  ) {
    return err(envelopeProblems(event, limits));
  }
  return ok({ id, type, session: subject, source, timeMs, data });
}

function envelopeProblems(event: Readonly<Record<string, unknown>>, limits: EventLimits): string {
  const idRule = `a text of 1 to ${limits.idBytes} bytes without control characters`;
  const rules: readonly (readonly [field: string, holds: boolean, expected: string])[] = [
    ['specversion', event['specversion'] === '1.0', 'the text "1.0" (CloudEvents 1.0)'],
    ['id', isId(event['id'], limits), `${idRule}, unique for each event`],
    [
      'source',
      typeof event['source'] === 'string' && event['source'] !== '',
      'a text that names the sender, such as "/search"',
    ],
    ['type', typeof event['type'] === 'string', 'a type such as "heed.turn.v1"'],
    ['subject', isId(event['subject'], limits), `the id of the session, ${idRule}`],
    ['time', isTimestamp(event['time']), 'an RFC 3339 timestamp with a zone, such as "2026-03-01T09:00:00Z"'],
    ['datacontenttype', isJson(event['datacontenttype']), '"application/json"'],
    ['data', isObject(event['data']), 'an object'],
    [FORBIDDEN_KEY, !Object.hasOwn(event, FORBIDDEN_KEY), 'a field of another name'],
  ];
  return rules
    .filter(([, holds]) => !holds)
    .map(
      ([field, , expected]) =>
        `${field}${event[field] === undefined ? ' is missing' : ''}: expected ${expected}`,
    )
    .join('; ');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isId(value: unknown, { idBytes }: EventLimits): value is string {
  return typeof value === 'string' && value !== '' && !takesMoreThan(idBytes, value) && isCleanId(value);
}

function isTimestamp(value: unknown): boolean {
  return typeof value === 'string' && rfc3339Ms(value) !== undefined;
}

function isJson(contentType: unknown): boolean {
  if (contentType === undefined || contentType === 'application/json') return true;
  return (
    typeof contentType === 'string' && /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/iu.test(contentType)
  );
}
