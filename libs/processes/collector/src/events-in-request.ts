import { Fault } from '@heed/kernel';
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
  if (type === STRUCTURED) return [body];
  const elements = splitJsonArray(latin1WithoutMark(body));
  if (elements !== null) return elements.map((element) => Buffer.from(element, 'latin1'));
  if (type !== BATCH) return [body];
  throw new Fault(
    'invalid-request',
    'The batch is not one JSON list.',
    'Send [event, event, ...]; brackets and quotes must close.',
  );
}

/** JSON's own characters are ASCII, so a list can be taken apart byte by byte whatever the texts inside it are. */
function latin1WithoutMark(body: Buffer): string {
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  return body.toString('latin1', marked ? 3 : 0);
}

function fromBinaryMode(headers: RequestHeaders, body: Buffer): string {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && typeof value === 'string')
      attributes[name.slice('ce-'.length)] = decodeHeader(value);
  }
  return JSON.stringify({ ...attributes, datacontenttype: mediaType(headers), data: dataOf(body) });
}

function dataOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // Kept as it is: the parser will say that data is no object, and the text is not lost.
    return body.toString('utf8');
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
