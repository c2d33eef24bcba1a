import { faultFields, LOG, problemHeaders, problemOf, TRACE_CODEC, type Log } from '@heed/platform';
import type { TraceCodec } from '@heed/telemetry';
import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { RequestHeaders } from './events-in-request.ts';
import { encodingNamed, mediaTypeOf } from './otlp-request.ts';

/** The codes of `google.rpc.Status` for the statuses of HTTP; all others are INTERNAL. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
};
const INTERNAL = 13;

interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  type(contentType: string): Reply;
  send(body: Buffer): unknown;
}

/**
 * OTLP's errors: a `Status` in the encoding of the request. An exporter sends again what was answered 429, 502, 503 or 504 and drops
 * the spans on everything else, so a full disk, which is 507 elsewhere, is 503 here.
 */
@Catch()
export class TracesProblemFilter implements ExceptionFilter {
  readonly #codec: TraceCodec;
  readonly #log: Log;

  constructor(@Inject(TRACE_CODEC) codec: TraceCodec, @Inject(LOG) log: Log) {
    this.#codec = codec;
    this.#log = log;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { headers } = http.getRequest<{ readonly headers: RequestHeaders }>();
    const reply = http.getResponse<Reply>();
    const { code, detail, remedy, ...problem } = problemOf(thrown);
    const status = problem.status === 507 ? 503 : problem.status;
    if (status >= 500) this.#log.error('request-failed', faultFields(thrown));
    for (const [name, value] of Object.entries(problemHeaders(code))) reply.header(name, value);
    const encoding = encodingNamed(headers['content-type']) ?? 'json';
    const body = { code: RPC_CODES[status] ?? INTERNAL, message: `${code}: ${detail} ${remedy}` };
    reply
      .code(status)
      .type(mediaTypeOf(encoding))
      .send(Buffer.from(this.#codec.encodeStatus(body, encoding)));
  }
}
