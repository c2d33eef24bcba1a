import type { OpenSpan, SpanPlace, SpanStart, Tracing } from '@heed/telemetry';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fixedResource } from './fixed-resource.ts';
import { samplerNamed, type SamplerName } from './sampler-named.ts';
import { tellingExporter } from './telling-exporter.ts';

interface TracingSettings {
  /** Whole: spans are posted to it. */
  readonly url: string;
  readonly service: string;
  readonly version: string;
  /** What else is to be said of the process, by OpenTelemetry's names. */
  readonly resource: Readonly<Record<string, string>>;
  readonly sampler: SamplerName;
  readonly ratio: number;
}

/** When nobody listens, the process ends all the same. */
const CLOSE_WITHIN_MS = 3_000;

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/**
 * Spans to an OTLP/HTTP endpoint, in batches and beside the work: what the endpoint does not take is dropped. Its headers, timeout, compression and
 * certificates are read by the exporter itself (`OTEL_EXPORTER_OTLP_*`).
 *
 * @param onLost is told at most once a minute how many spans were lost since, and why the last were
 */
export function openTelemetryTracing(
  { url, service, version, resource, sampler, ratio }: TracingSettings,
  onLost: (spans: number, fault: unknown) => void,
): Tracing {
  const provider = new TracerProvider({
    resource: fixedResource({ ...resource, 'service.name': service, 'service.version': version }),
    sampler: samplerNamed(sampler, ratio),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: tellingExporter(new OTLPTraceExporter({ url }), onLost) }),
    ],
  });
  const tracer = provider.getTracer('heed', version);
  const underWay = new AsyncLocalStorage<SpanPlace | undefined>();
  return {
    begin: (
      name,
      { kind, parent = underWay.getStore(), links = [], facts = {}, sinceMs = 0 }: SpanStart = {},
    ) => {
      const span = tracer.startSpan(
        name,
        {
          kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind],
          attributes: facts,
          links: links.map((place) => ({ context: contextOf(place) })),
          ...(sinceMs > 0 && { startTime: Date.now() - sinceMs }),
        },
        parent === undefined || parent === null
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent)),
      );
      return openSpan(span);
    },
    within: (span, work) => underWay.run(span.place, work),
    here: () => underWay.getStore(),
    close: async () => {
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        delay(CLOSE_WITHIN_MS, undefined, { ref: false }),
      ]);
    },
  };
}

function openSpan(span: Span): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    place: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    note: (facts) => {
      span.setAttributes(facts);
    },
    end: (failure) => {
      if (failure !== undefined) {
        span.setAttributes({ 'error.type': failure });
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}

function contextOf({ traceId, spanId, sampled }: SpanPlace): SpanContext {
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}
