import type { Span } from './span.ts';

/** OTLP/HTTP's two ways to write one message. */
export type OtlpEncoding = 'protobuf' | 'json';

export interface DecodedTraces {
  readonly spans: readonly Span[];
  /** Spans without usable ids or times. */
  readonly malformed: number;
}

/** What was not taken of a request, and why. Nothing rejected and no message: all is well. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/** `google.rpc.Status`, the body of OTLP's errors. */
export interface OtlpStatus {
  readonly code: number;
  readonly message: string;
}

/** OTLP's messages as bytes. The domain and the edge know what they say, an adapter how they are written. */
export interface TraceCodec {
  /** Throws Fault `undecodable-body`. */
  decode(body: Uint8Array, encoding: OtlpEncoding): DecodedTraces;
  /** An `ExportTraceServiceResponse`. */
  encodeAnswer(partial: PartialSuccess, encoding: OtlpEncoding): Uint8Array;
  encodeStatus(status: OtlpStatus, encoding: OtlpEncoding): Uint8Array;
}
