export { partialSuccess, type RefusedSpan } from './partial-success.ts';
export type { Attributes, AttributeValue, Span, SpanEvent } from './span.ts';
export type { DecodedTraces, OtlpEncoding, OtlpStatus, PartialSuccess, TraceCodec } from './trace-codec.ts';
export { placeInTraceparent } from './traceparent.ts';
export {
  NO_TRACING,
  traced,
  type OpenSpan,
  type SpanFacts,
  type SpanPlace,
  type SpanStart,
  type Tracing,
} from './tracing.ts';
export { turnsInTraces, type SpanEvents, type TurnsInTraces } from './turns-in-traces.ts';
