import type { OtlpEncoding } from '@heed/telemetry';
import fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { otlpCodec } from './otlp-codec.ts';
import { TRACE_MESSAGES } from './trace-messages.ts';

const ENCODINGS: readonly OtlpEncoding[] = ['protobuf', 'json'];
const root = protobuf.Root.fromJSON(TRACE_MESSAGES);
const requestType = root.lookupType('ExportTraceServiceRequest');

const SPAN = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentSpanId: 'eee19b7ec3c1b174',
  name: 'chat gpt-4',
  startTimeUnixNano: '1772355600000000000',
  endTimeUnixNano: '1772355601500000000',
  flags: 0x301,
  status: { code: 2 },
  attributes: [
    { key: 'text', value: { stringValue: 'jazz' } },
    { key: 'whole', value: { intValue: '42' } },
    { key: 'real', value: { doubleValue: 0.5 } },
    { key: 'flag', value: { boolValue: false } },
    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, {}] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
    { key: 'nothing' },
  ],
  events: [{ name: 'gen_ai.choice', attributes: [{ key: 'index', value: { intValue: '0' } }] }],
};

const request = (...spans: readonly object[]) => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [{ spans }],
    },
  ],
});

/** As a sender would write it; bytes from hexadecimal digits, as protobuf has ids. */
function written(encoding: OtlpEncoding, ...spans: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify(request(...spans)));
  const bytes = (value: unknown) => (typeof value === 'string' ? Buffer.from(value, 'hex') : value);
  const withBytes = spans.map((span) => ({
    ...span,
    traceId: bytes(span['traceId']),
    spanId: bytes(span['spanId']),
    parentSpanId: bytes(span['parentSpanId']),
  }));
  return requestType.encode(requestType.fromObject(request(...withBytes))).finish();
}

describe.each(ENCODINGS)('traces in %s', (encoding) => {
  it('are read with all that Heed needs of them', () => {
    expect(otlpCodec.decode(written(encoding, SPAN), encoding)).toEqual({
      malformed: 0,
      spans: [
        {
          traceId: SPAN.traceId,
          spanId: SPAN.spanId,
          parentSpanId: SPAN.parentSpanId,
          isEntry: true,
          name: 'chat gpt-4',
          startMs: 1772355600000,
          endMs: 1772355601500,
          failed: true,
          service: 'shop',
          attributes: new Map<string, unknown>([
            ['text', 'jazz'],
            ['whole', 42],
            ['real', 0.5],
            ['flag', false],
            ['list', ['a', null]],
            ['map', { k: 'v' }],
            ['nothing', null],
          ]),
          events: [{ name: 'gen_ai.choice', attributes: new Map([['index', 0]]) }],
        },
      ],
    });
  });

  it('lose only the spans that have no ids', () => {
    const zeros = { ...SPAN, traceId: '0'.repeat(32) };
    const short = { ...SPAN, spanId: 'abcd' };
    const decoded = otlpCodec.decode(written(encoding, zeros, SPAN, short), encoding);
    expect(decoded.malformed).toBe(2);
    expect(decoded.spans).toHaveLength(1);
  });

  it('tell the entry of a service by its parent, which is none or remote', () => {
    const isEntry = (given: object) =>
      otlpCodec.decode(written(encoding, { ...SPAN, ...given }), encoding).spans[0]?.isEntry;
    expect(isEntry({ parentSpanId: '', flags: 0 })).toBe(true);
    expect(isEntry({ flags: 0x101 })).toBe(false);
    expect(isEntry({ flags: undefined })).toBe(false);
  });

  it('leave out what attributes hold too deep', () => {
    let value: object = { stringValue: 'bottom' };
    for (let depth = 0; depth < 40; depth++) value = { arrayValue: { values: [value] } };
    const body = written(encoding, { ...SPAN, attributes: [{ key: 'deep', value }] });
    const deep = JSON.stringify(otlpCodec.decode(body, encoding).spans[0]?.attributes.get('deep'));
    expect(deep).toBe('['.repeat(32) + 'null' + ']'.repeat(32));
  });

  it('of no bytes at all are no spans in protobuf, and no JSON', () => {
    const decode = () => otlpCodec.decode(new Uint8Array(), encoding);
    if (encoding === 'protobuf') expect(decode()).toEqual({ spans: [], malformed: 0 });
    else expect(decode).toThrow(expect.objectContaining({ code: 'undecodable-body' }));
  });

  it('are read or refused, whatever bytes they are', () => {
    const whole = written(encoding, SPAN);
    const mutated = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
      .map((changes) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        try {
          const { spans } = otlpCodec.decode(bytes, encoding);
          outcomes.add('read');
          for (const { startMs, endMs } of spans) {
            expect(() => new Date(startMs).toISOString() + new Date(endMs).toISOString()).not.toThrow();
          }
        } catch (fault) {
          outcomes.add('refused');
          expect(fault).toMatchObject({ code: 'undecodable-body' });
        }
      }),
      { seed: 31, numRuns: 3000 },
    );
    expect([...outcomes].sort()).toEqual(['read', 'refused']);
  });
});

it.each(['null', '[]', '"spans"', '{"resourceSpans":5}', '{"resourceSpans":{}}'])('refuses %s', (body) => {
  expect(() => otlpCodec.decode(Buffer.from(body), 'json')).toThrow(
    expect.objectContaining({ code: 'undecodable-body' }),
  );
});

describe('what OTLP is answered', () => {
  it('is empty when all is well', () => {
    const partial = { rejectedSpans: 0, errorMessage: '' };
    expect(otlpCodec.encodeAnswer(partial, 'protobuf')).toHaveLength(0);
    expect(Buffer.from(otlpCodec.encodeAnswer(partial, 'json')).toString()).toBe('{}');
  });

  it('names the spans rejected and why, in both encodings', () => {
    const partial = { rejectedSpans: 3, errorMessage: 'no words' };
    const answerType = root.lookupType('ExportTraceServiceResponse');
    const decoded = answerType.decode(otlpCodec.encodeAnswer(partial, 'protobuf'));
    const json: unknown = JSON.parse(Buffer.from(otlpCodec.encodeAnswer(partial, 'json')).toString());
    const answer = { partialSuccess: { rejectedSpans: '3', errorMessage: 'no words' } };
    expect(answerType.toObject(decoded, { longs: String })).toEqual(answer);
    expect(json).toEqual(answer);
  });

  it('is a Status where it fails', () => {
    const status = { code: 8, message: 'queue-full' };
    const statusType = root.lookupType('Status');
    expect(statusType.toObject(statusType.decode(otlpCodec.encodeStatus(status, 'protobuf')))).toEqual(
      status,
    );
    expect(JSON.parse(Buffer.from(otlpCodec.encodeStatus(status, 'json')).toString())).toEqual(status);
  });
});
