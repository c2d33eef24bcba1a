import { Fault } from '@heed/kernel';
import { jsonLog } from '@heed/platform';
import type { TraceCodec } from '@heed/telemetry';
import type { ArgumentsHost } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { TracesProblemFilter } from './traces-problem-filter.ts';

/** Writes a Status so that a test can read it; how OTLP writes it is the adapter's own test. */
const codec: Pick<TraceCodec, 'encodeStatus'> = {
  encodeStatus: (status, encoding) => Buffer.from(JSON.stringify({ ...status, encoding })),
};

function answerTo(code: string, contentType: string | undefined): Readonly<Record<string, unknown>> {
  const answer: Record<string, unknown> = {};
  const reply = {
    code: (status: number) => note('status', status),
    header: note,
    type: (contentType: string) => note('content-type', contentType),
    send: (body: Buffer) => note('body', JSON.parse(body.toString())),
  };
  function note(name: string, value: unknown): typeof reply {
    answer[name] = value;
    return reply;
  }
  const http = {
    getRequest: () => ({ headers: { 'content-type': contentType } }),
    getResponse: () => reply,
  };
  const filter = new TracesProblemFilter(
    codec as TraceCodec,
    jsonLog('silent', () => undefined),
  );
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  filter.catch(new Fault(code, 'It did not work.', 'Try again.'), host);
  return answer;
}

describe('problems with traces', () => {
  it('are a Status in the encoding of the request', () => {
    expect(answerTo('undecodable-body', 'application/x-protobuf; v=1')).toEqual({
      status: 400,
      'content-type': 'application/x-protobuf',
      body: { code: 3, message: 'undecodable-body: It did not work. Try again.', encoding: 'protobuf' },
    });
    expect(answerTo('unsupported-media-type', undefined)).toMatchObject({
      status: 415,
      'content-type': 'application/json',
    });
  });

  it.each([
    ['queue-full', 429, 8],
    ['log-unavailable', 503, 14],
    ['shutting-down', 503, 14],
    ['log-full', 503, 14],
  ])('that pass (%s) are answered so that an exporter sends again, and when', (fault, status, code) => {
    expect(answerTo(fault, 'application/json')).toMatchObject({
      status,
      'retry-after': expect.stringMatching(/^\d+$/) as unknown,
      body: { code },
    });
  });

  it('that nobody foresaw are INTERNAL', () => {
    expect(answerTo('a-code-of-no-table', 'application/json')).toMatchObject({
      status: 500,
      body: { code: 13 },
    });
  });
});
