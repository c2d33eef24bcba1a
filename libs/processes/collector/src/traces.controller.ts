import type { TenantId } from '@heed/kernel';
import { Describe, LeastRole, METRICS, sha256Hex, Tenant, TRACE_CODEC, type Metrics } from '@heed/platform';
import {
  partialSuccess,
  turnsInTraces,
  type PartialSuccess,
  type RefusedSpan,
  type SpanEvents,
  type TraceCodec,
} from '@heed/telemetry';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res, UseFilters } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import type { RequestHeaders } from './events-in-request.ts';
import { Intake } from './intake.ts';
import { JSON_TYPE, mediaTypeOf, otlpEncoding, PROTOBUF } from './otlp-request.ts';
import { TracesProblemFilter } from './traces-problem-filter.ts';

const NOTHING = Buffer.alloc(0);

const TRACE_BODIES = {
  [PROTOBUF]: z.string(),
  // Null is as good as nothing: so proto3 has it in JSON.
  [JSON_TYPE]: z.object({ resourceSpans: z.array(z.unknown()).nullish() }),
};

const answer = z.object({
  partialSuccess: z.object({ rejectedSpans: z.string(), errorMessage: z.string() }).optional(),
});

const STATUS_SCHEMA = {
  schema: {
    type: 'object',
    properties: { code: { type: 'integer' }, message: { type: 'string' } },
    required: ['code', 'message'],
  },
};

/** Answered by the route itself as OTLP has it, and by the edge in front of it with a problem. */
const STATUS_BODIES = {
  [PROTOBUF]: { schema: { type: 'string' } },
  [JSON_TYPE]: STATUS_SCHEMA,
  'application/problem+json': { schema: { type: 'object' } },
};

/** The part of Fastify's reply that names what is in it. */
interface TypedReply {
  type(contentType: string): unknown;
}

/** The second door: OTLP/HTTP, for applications that are traced already. */
@Controller('v1/traces')
@UseFilters(TracesProblemFilter)
export class TracesController {
  readonly #intake: Intake;
  readonly #codec: TraceCodec;
  readonly #metrics: Metrics;

  constructor(
    @Inject(Intake) intake: Intake,
    @Inject(TRACE_CODEC) codec: TraceCodec,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.#intake = intake;
    this.#codec = codec;
    this.#metrics = metrics;
  }

  @Post()
  @HttpCode(200)
  @LeastRole('server')
  @Describe({
    summary:
      'Takes OTLP/HTTP traces; GenAI spans become turns. Answers when these are durable, with the number of spans rejected and why.',
    bodies: TRACE_BODIES,
    response: answer,
  })
  @ApiProduces(PROTOBUF, JSON_TYPE)
  @ApiResponse({ status: '4XX', description: 'What is wrong, as a Status.', content: STATUS_BODIES })
  @ApiResponse({ status: '5XX', description: 'Send again after Retry-After.', content: STATUS_BODIES })
  async take(
    @Tenant() tenant: TenantId,
    @Headers() headers: RequestHeaders,
    @Body() body: Buffer | undefined,
    @Res({ passthrough: true }) reply: TypedReply,
  ): Promise<Buffer> {
    const encoding = otlpEncoding(headers);
    const partial = await this.#accept(tenant, this.#codec.decode(body ?? NOTHING, encoding));
    reply.type(mediaTypeOf(encoding));
    return Buffer.from(this.#codec.encodeAnswer(partial, encoding));
  }

  async #accept(
    tenant: TenantId,
    { spans, malformed }: ReturnType<TraceCodec['decode']>,
  ): Promise<PartialSuccess> {
    const found = turnsInTraces(spans, sha256Hex);
    const refused = await this.#append(tenant, found.turns);
    const partial = partialSuccess(found, malformed, refused);
    const turns = found.turns.length - refused.length;
    this.#count('turn', turns);
    this.#count('other', found.otherSpans);
    this.#count('rejected', partial.rejectedSpans);
    // What is none of them belongs to a turn: its tools, its retrievals, its inner calls.
    this.#count('stage', spans.length + malformed - turns - found.otherSpans - partial.rejectedSpans);
    return partial;
  }

  #count(outcome: string, spans: number): void {
    this.#metrics.traceSpans.inc({ outcome }, spans);
  }

  /**
   * Through the same intake as every event, in parts that are within its bound: an exporter's batches are its own. Is a part refused,
   * the exporter sends all of it again, and what is in the log already stays as it is.
   */
  async #append(tenant: TenantId, turns: readonly SpanEvents[]): Promise<readonly RefusedSpan[]> {
    const events = turns.flatMap(({ events }) => events);
    const refused = new Map<string, RefusedSpan>();
    for (let start = 0; start < events.length; start += this.#intake.maxBatchEvents) {
      const part = events.slice(start, start + this.#intake.maxBatchEvents);
      const results = await this.#intake.accept(
        tenant,
        part.map((event) => JSON.stringify(event)),
      );
      for (const [index, result] of results.entries()) {
        if (result.status !== 'dead-lettered') continue;
        const { reason = '', detail = '' } = result;
        refused.set(part[index]?.id ?? '', { reason, detail });
      }
    }
    const isRefused = ({ events: own }: SpanEvents) => own.find(({ id }) => refused.has(id));
    return turns.flatMap((turn) => refused.get(isRefused(turn)?.id ?? '') ?? []);
  }
}
