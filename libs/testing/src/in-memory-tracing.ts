import type { OpenSpan, SpanPlace, SpanStart, Tracing } from '@heed/telemetry';

export interface KeptSpan extends Omit<SpanStart, 'parent'> {
  readonly name: string;
  readonly place: SpanPlace;
  readonly parent: SpanPlace | undefined;
  /** Undefined while it is under way. */
  readonly ended?: { readonly failure: string | undefined };
}

/** Keeps every span. What runs within one stands under it up to its first wait. */
export function inMemoryTracing(): Tracing & { readonly spans: readonly KeptSpan[] } {
  const spans: KeptSpan[] = [];
  let here: SpanPlace | undefined;
  return {
    spans,
    begin: (name, { parent = here, ...start }: SpanStart = {}): OpenSpan => {
      const at = spans.length;
      const place = { traceId: parent?.traceId ?? `trace-${at}`, spanId: `span-${at}`, sampled: true };
      spans.push({ ...start, name, parent: parent ?? undefined, place });
      const change = (more: Partial<KeptSpan>): void => {
        const kept = spans[at];
        if (kept !== undefined) spans[at] = { ...kept, ...more };
      };
      return {
        place,
        note: (facts) => {
          change({ facts: { ...spans[at]?.facts, ...facts } });
        },
        end: (failure) => {
          change({ ended: { failure } });
        },
      };
    },
    within: (span, work) => {
      const before = here;
      here = span.place;
      try {
        return work();
      } finally {
        here = before;
      }
    },
    here: () => here,
    close: () => Promise.resolve(),
  };
}
