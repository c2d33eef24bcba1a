import { Fault } from '@heed/kernel';
import type { OtlpEncoding } from '@heed/telemetry';
import type { RequestHeaders } from './events-in-request.ts';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

/** OTLP answers in the encoding that it was asked in. Throws Fault `unsupported-media-type`. */
export function otlpEncoding(headers: RequestHeaders): OtlpEncoding {
  const encoding = encodingNamed(headers['content-type']);
  if (encoding !== undefined) return encoding;
  throw new Fault(
    'unsupported-media-type',
    'Traces are taken as OTLP/HTTP writes them.',
    `Send protobuf with Content-Type: ${PROTOBUF} or JSON with ${JSON_TYPE}.`,
  );
}

export function mediaTypeOf(encoding: OtlpEncoding): string {
  return encoding === 'json' ? JSON_TYPE : PROTOBUF;
}

export function encodingNamed(contentType: string | string[] | undefined): OtlpEncoding | undefined {
  const type = typeof contentType === 'string' ? contentType.split(';')[0]?.trim().toLowerCase() : undefined;
  if (type === PROTOBUF) return 'protobuf';
  return type === JSON_TYPE ? 'json' : undefined;
}
