import { Fault } from '@heed/kernel';
import type { OtlpEncoding, PartialSuccess, TraceCodec } from '@heed/telemetry';
import protobuf from 'protobufjs/light.js';
import { isFields, type Fields } from './fields.ts';
import { spansIn } from './spans-in.ts';
import { TRACE_MESSAGES } from './trace-messages.ts';

const root = protobuf.Root.fromJSON(TRACE_MESSAGES);
const requestType = root.lookupType('ExportTraceServiceRequest');
const answerType = root.lookupType('ExportTraceServiceResponse');
const statusType = root.lookupType('Status');

/** OTLP's trace messages in both of their encodings, protobuf by way of the shape that JSON has. */
export const otlpCodec: TraceCodec = {
  decode: (body, encoding) => spansIn(encoding === 'json' ? fromJson(body) : fromProtobuf(body)),

  encodeAnswer: (partial, encoding) => encode(answerType, answerOf(partial), encoding),

  encodeStatus: ({ code, message }, encoding) => encode(statusType, { code, message }, encoding),
};

/** A whole success leaves the field out, as OTLP wants it. A 64-bit number is a text in JSON. */
function answerOf({ rejectedSpans, errorMessage }: PartialSuccess): Fields {
  if (rejectedSpans === 0 && errorMessage === '') return {};
  return { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } };
}

function encode(type: protobuf.Type, message: Fields, encoding: OtlpEncoding): Uint8Array {
  return encoding === 'json'
    ? new TextEncoder().encode(JSON.stringify(message))
    : type.encode(type.fromObject({ ...message })).finish();
}

function fromJson(body: Uint8Array): Fields {
  let request: unknown;
  try {
    request = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw undecodable('JSON in UTF-8', error);
  }
  if (!isFields(request) || !Array.isArray(request['resourceSpans'] ?? []))
    throw undecodable('a JSON object with a list of resourceSpans', undefined);
  return request;
}

function fromProtobuf(body: Uint8Array): Fields {
  try {
    return withHexIds(requestType.toObject(requestType.decode(body), { longs: String }));
  } catch (error) {
    throw undecodable('protobuf', error);
  }
}

const ID_FIELDS = ['traceId', 'spanId', 'parentSpanId'];

/** Ids are bytes in protobuf and hexadecimal digits in OTLP/JSON, unlike protobuf's own JSON. */
function withHexIds(request: Fields): Fields {
  for (const resourceSpans of fieldsIn(request, 'resourceSpans')) {
    for (const scopeSpans of fieldsIn(resourceSpans, 'scopeSpans')) {
      for (const span of fieldsIn(scopeSpans, 'spans')) {
        for (const name of ID_FIELDS) {
          const id = span[name];
          if (id instanceof Uint8Array) span[name] = Buffer.from(id).toString('hex');
        }
      }
    }
  }
  return request;
}

function fieldsIn(parent: Fields, name: string): readonly Record<string, unknown>[] {
  const list = parent[name];
  return Array.isArray(list) ? list.filter(isFields) : [];
}

function undecodable(what: string, cause: unknown): Fault {
  return new Fault(
    'undecodable-body',
    `The body is no ExportTraceServiceRequest: it cannot be read as ${what}.`,
    'Send OTLP/HTTP traces, as protobuf with Content-Type: application/x-protobuf or as JSON with application/json.',
    { cause },
  );
}
