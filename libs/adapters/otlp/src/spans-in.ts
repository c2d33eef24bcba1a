import type { DecodedTraces, Span, SpanEvent } from '@heed/telemetry';
import { attributesOf } from './attributes-of.ts';
import { isFields, listIn, type Fields } from './fields.ts';

/** `SPAN_FLAGS_CONTEXT_IS_REMOTE_MASK`: the parent is in another process. Only senders of our day say so. */
const PARENT_IS_REMOTE = 0x200;
const STATUS_CODE_ERROR = 2;
const NANOS_PER_MS = 1e6;

/** The furthest moment that a Date can hold. */
const MAX_MS = 8.64e15;

/** The spans of an `ExportTraceServiceRequest` in the shape of OTLP/JSON. One that is malformed takes no other down. */
export function spansIn(request: Fields): DecodedTraces {
  const spans: Span[] = [];
  let malformed = 0;
  for (const resourceSpans of listIn(request['resourceSpans']).filter(isFields)) {
    const service = serviceOf(resourceSpans['resource']);
    for (const scopeSpans of listIn(resourceSpans['scopeSpans']).filter(isFields)) {
      for (const given of listIn(scopeSpans['spans'])) {
        const span = isFields(given) ? spanOf(given, service) : undefined;
        if (span === undefined) malformed += 1;
        else spans.push(span);
      }
    }
  }
  return { spans, malformed };
}

function serviceOf(resource: unknown): string {
  const service = isFields(resource) ? attributesOf(resource['attributes']).get('service.name') : undefined;
  return typeof service === 'string' ? service : '';
}

function spanOf(given: Fields, service: string): Span | undefined {
  const traceId = idOf(given['traceId'], 32);
  const spanId = idOf(given['spanId'], 16);
  const startMs = millisOf(given['startTimeUnixNano']);
  const endMs = millisOf(given['endTimeUnixNano']);
  if (traceId === undefined || spanId === undefined || startMs === undefined) return undefined;
  const parentSpanId = idOf(given['parentSpanId'], 16);
  const flags = typeof given['flags'] === 'number' ? given['flags'] : 0;
  const status = given['status'];
  return {
    traceId,
    spanId,
    parentSpanId,
    isEntry: parentSpanId === undefined || (flags & PARENT_IS_REMOTE) !== 0,
    name: typeof given['name'] === 'string' ? given['name'] : '',
    startMs,
    endMs: Math.max(startMs, endMs ?? startMs),
    failed: isFields(status) && status['code'] === STATUS_CODE_ERROR,
    service,
    attributes: attributesOf(given['attributes']),
    events: listIn(given['events']).filter(isFields).map(spanEventOf),
  };
}

function spanEventOf(given: Fields): SpanEvent {
  const name = typeof given['name'] === 'string' ? given['name'] : '';
  return { name, attributes: attributesOf(given['attributes']) };
}

/** An id of zeros is no id. */
function idOf(given: unknown, digits: number): string | undefined {
  if (typeof given !== 'string' || given.length !== digits) return undefined;
  return /^[0-9a-fA-F]+$/u.test(given) && !/^0+$/u.test(given) ? given.toLowerCase() : undefined;
}

/** Nanoseconds since 1970, a text of digits or a number; the half microsecond that a double loses is below what Heed keeps. */
function millisOf(nanos: unknown): number | undefined {
  const isDigits = typeof nanos === 'number' || (typeof nanos === 'string' && /^\d{1,20}$/u.test(nanos));
  const ms = isDigits ? Number(nanos) / NANOS_PER_MS : undefined;
  return ms !== undefined && ms >= 0 && ms <= MAX_MS ? ms : undefined;
}
