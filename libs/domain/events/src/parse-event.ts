import { eventId, ok, sessionId, type EventId, type Result, type SessionId } from '@heed/kernel';
import { unwrapBytes } from './bytes-envelope.ts';
import { EVENT_CATALOGUE, type EventCatalogue } from './catalogue.ts';
import { clockSkew } from './clock-skew.ts';
import type { DeadLetter } from './dead-letter.ts';
import { decodeBody } from './decode-body.ts';
import { isObject, readEnvelope } from './envelope.ts';
import type { HeedEvent } from './event.ts';
import { DEFAULT_EVENT_LIMITS, type EventLimits } from './event-limits.ts';
import { findExcess, isPlainlyWithin } from './find-excess.ts';
import { findLongId } from './find-long-id.ts';
import { readJson } from './read-json.ts';
import { deadLetterOf, type Refusal } from './refusal.ts';
import { rejectedRowDetail } from './rejected-row.ts';
import { schemaProblems } from './schema-problems.ts';
import { typeRefusal } from './type-refusal.ts';
import { takesMoreThan, utf8Bytes } from './utf8-bytes.ts';
import { readVersion } from './version-chain.ts';

export interface ParseContext {
  /** When the event was received, milliseconds since 1970: its clock is judged against this, on replay too. */
  readonly receivedAtMs: number;
  readonly limits?: EventLimits;
}

/** An event of any catalogue; `HeedEvent` is the same with the types of Heed's own. */
export interface CatalogueEvent<Name extends string> {
  readonly name: Name;
  readonly id: EventId;
  readonly session: SessionId;
  readonly source: string;
  readonly timeMs: number;
  readonly data: unknown;
}

const SEE_CATALOGUE =
  'correct the named fields (docs/events/schemas has a JSON Schema for every type) and send it again';

const MEND_ROW =
  'correct the row, or the mapping, and import the file again: what is in already is not doubled';

/**
 * From the bytes of one event to the typed event, or to the dead letter that says what was wrong. The only way in: the edge
 * and the projector both come through here, so what one accepts the other reads. Never throws, whatever the bytes are.
 *
 * @example parseEvent('{"specversion":"1.0", ...}', { receivedAtMs: 1772355600000 })
 */
export function parseEvent(body: string | Uint8Array, context: ParseContext): Result<HeedEvent, DeadLetter> {
  return parseWith(EVENT_CATALOGUE, body, context) as Result<HeedEvent, DeadLetter>;
}

/** The same for an event whose JSON was parsed already, as one of a batch is. `body` is the very text that it is the value of: size, depth and keys are judged by it. */
export function parseEventValue(
  value: unknown,
  body: string,
  context: ParseContext,
): Result<HeedEvent, DeadLetter> {
  return parseValueWith(EVENT_CATALOGUE, value, body, context) as Result<HeedEvent, DeadLetter>;
}

export function parseWith<Name extends string>(
  catalogue: EventCatalogue<Name>,
  body: string | Uint8Array,
  context: ParseContext,
): Result<CatalogueEvent<Name>, DeadLetter> {
  const limits = context.limits ?? DEFAULT_EVENT_LIMITS;
  const text = decodeBody(body);
  if (!text.ok) return deadLetterOf(unreadable(text.error.detail), undefined, limits);
  const value = readJson(text.value);
  if (value.ok) return parseValueWith(catalogue, value.value, text.value, context);
  if (takesMoreThan(limits.eventBytes, text.value))
    return deadLetterOf(oversized(text.value, limits), undefined, limits);
  return deadLetterOf(unreadable(value.error), undefined, limits);
}

function parseValueWith<Name extends string>(
  catalogue: EventCatalogue<Name>,
  value: unknown,
  body: string,
  { receivedAtMs, limits = DEFAULT_EVENT_LIMITS }: ParseContext,
): Result<CatalogueEvent<Name>, DeadLetter> {
  const refuse = (refusal: Refusal) => deadLetterOf(refusal, value, limits);
  const rejectedRow = isObject(value) && 'heed.rejectedRow' in value ? rejectedRowDetail(value) : undefined;
  if (rejectedRow !== undefined) return refuse({ ...violation(rejectedRow), remedy: MEND_ROW });
  if (takesMoreThan(limits.eventBytes, body)) return refuse(oversized(body, limits));
  if (!isObject(value)) return refuse(unreadable('it is JSON, but not an object'));
  const wrapped = unwrapBytes(value);
  if (wrapped !== undefined) return refuse(unreadableBytes(wrapped));

  const envelope = readEnvelope(value, limits);
  if (!envelope.ok) return refuse(violation(envelope.error));
  const { id, type, session, source, timeMs, data } = envelope.value;
  const entry = catalogue.get(type);
  if (entry === undefined) return refuse(typeRefusal(type, catalogue));
  const skew = clockSkew(timeMs, receivedAtMs, limits);
  if (skew !== undefined) return refuse(skew);
  const excess = isPlainlyWithin(body, limits) ? undefined : findExcess(data, limits, 'data');
  const tooMuch = excess ?? findLongId(data, limits);
  if (tooMuch !== undefined) return refuse(violation(tooMuch));
  const newest = readVersion(entry.versions, entry.version, data);
  if (!newest.ok) return refuse(violation(schemaProblems(newest.error, 'data')));
  return ok({
    name: entry.name,
    id: eventId(id),
    session: sessionId(session),
    source,
    timeMs,
    data: newest.value,
  });
}

function violation(detail: string): Refusal {
  return { reason: 'schema-violation', detail, remedy: SEE_CATALOGUE };
}

function unreadable(detail: string): Refusal {
  return { reason: 'unreadable', detail, remedy: 'send each event as one JSON object in UTF-8' };
}

/** Bytes that were no text or no JSON when they came, and were kept as they were. */
function unreadableBytes(bytes: Uint8Array): Refusal {
  const text = decodeBody(bytes);
  if (!text.ok) return unreadable(text.error.detail);
  const value = readJson(text.value);
  return unreadable(value.ok ? '"heed.bytes" is how Heed keeps unreadable bytes, not an event' : value.error);
}

function oversized(body: string, { eventBytes }: EventLimits): Refusal {
  return {
    reason: 'oversized',
    detail: `the event has ${utf8Bytes(body)} bytes; at most ${eventBytes} are accepted`,
    remedy: 'leave out what is not needed, put media behind a uri, or raise the limit in the configuration',
  };
}
