import { Fault } from '@heed/kernel';
import { utf8Text } from '@heed/platform';
import { splitJsonArray } from './split-json-array.ts';

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** One event's text, or its bytes where they are no text. */
export type EventBody = string | Uint8Array;

const BATCH = 'application/cloudevents-batch+json';
const STRUCTURED = 'application/cloudevents+json';

/**
 * Takes a request apart into events, each as it was sent. CloudEvents' HTTP binding: structured (`application/cloudevents+json`),
 * batched (`application/cloudevents-batch+json`) and binary (`ce-*` headers, `data` as the body); plain `application/json` may hold
 * one event or a list. Throws Fault `invalid-request` when no event can be told from another, `unsupported-media-type`.
 */
export function eventsInRequest(headers: RequestHeaders, body: Buffer): readonly EventBody[] {
  const type = mediaType(headers);
  if (headers['ce-specversion'] !== undefined) return [fromBinaryMode(headers, body)];
  // sendBeacon cannot name a CloudEvents type, so text/plain is taken for JSON as well.
  if (![BATCH, STRUCTURED, 'application/json', 'text/plain', ''].includes(type)) {
    throw new Fault(
      'unsupported-media-type',
      `Events of type ${type} are not taken.`,
      `Send ${STRUCTURED} or ${BATCH}.`,
    );
  }
  if (body.length === 0)
    throw new Fault('invalid-request', 'The body is empty.', 'Send one event or a list of events.');
  const text = utf8Text(body);
  if (type === STRUCTURED) return [text ?? body];
  const elements = text === null ? elementsOfBytes(body) : splitJsonArray(text);
  if (elements !== null) return elements;
  if (type !== BATCH) return [text ?? body];
  throw new Fault(
    'invalid-request',
    'The batch is not one JSON list.',
    'Send [event, event, ...]; brackets and quotes must close.',
  );
}

/**
 * Somewhere in the list are bytes that are no UTF-8. JSON's own characters are ASCII, so it can be taken apart byte by byte all
 * the same, and only the events that hold such bytes are the worse for it.
 */
function elementsOfBytes(body: Buffer): readonly EventBody[] | null {
  const elements = splitJsonArray(body.toString('latin1'));
  return (
    elements?.map((element) => {
      const bytes = Buffer.from(element, 'latin1');
      return utf8Text(bytes) ?? bytes;
    }) ?? null
  );
}

/** `data` keeps the text it came as, never written anew: what is nested too deep is for the parser to say, as everywhere else. */
function fromBinaryMode(headers: RequestHeaders, body: Buffer): EventBody {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && typeof value === 'string')
      attributes[name.slice('ce-'.length)] = decodeHeader(value);
  }
  const opened = JSON.stringify({ ...attributes, datacontenttype: mediaType(headers) }).slice(0, -1);
  const text = utf8Text(body);
  if (text === null) return Buffer.concat([Buffer.from(`${opened},"data":`), body, Buffer.from('}')]);
  // No JSON is kept as a string: the parser will say that data is no object, and the text is not lost.
  return `${opened},"data":${isJson(text) ? text : JSON.stringify(text)}}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The binding percent-encodes what a header cannot hold. */
function decodeHeader(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function mediaType(headers: RequestHeaders): string {
  const given = headers['content-type'];
  return typeof given === 'string' ? (given.split(';')[0] ?? '').trim().toLowerCase() : '';
}
