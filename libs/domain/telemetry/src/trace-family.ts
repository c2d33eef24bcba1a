import type { Span } from './span.ts';

/** What is known of the spans above one, from those of the same request. */
interface Ancestry {
  /** The outermost of them, or the span itself, that makes a turn. */
  readonly turn: Span | undefined;
  /** They reach up to where the trace comes into the service: nothing above is missing. */
  readonly isWhole: boolean;
}

/**
 * Which span belongs to which, among spans that came together. Parents may be missing and, from a hostile sender, go round in
 * circles; every span is looked at once.
 */
export class TraceFamily {
  readonly #spans = new Map<string, Span>();
  readonly #ancestries = new Map<Span, Ancestry>();

  constructor(spans: readonly Span[], makesTurn: (span: Span) => boolean) {
    for (const span of spans) this.#spans.set(keyOf(span.traceId, span.spanId), span);
    for (const span of spans) this.#climb(span, makesTurn);
  }

  ancestryOf(span: Span): Ancestry {
    return this.#ancestries.get(span) ?? { turn: undefined, isWhole: false };
  }

  #climb(from: Span, makesTurn: (span: Span) => boolean): void {
    const path = new Set<Span>();
    let above: Span | undefined = from;
    let top: Span = from;
    while (above !== undefined && !path.has(above) && !this.#ancestries.has(above)) {
      path.add(above);
      top = above;
      above = this.#parentOf(above);
    }
    let ancestry: Ancestry =
      above === undefined
        ? { turn: undefined, isWhole: top.isEntry }
        : (this.#ancestries.get(above) ?? { turn: undefined, isWhole: false });
    for (const span of [...path].reverse()) {
      ancestry = {
        turn: ancestry.turn ?? (makesTurn(span) ? span : undefined),
        isWhole: ancestry.isWhole,
      };
      this.#ancestries.set(span, ancestry);
    }
  }

  #parentOf({ traceId, parentSpanId }: Span): Span | undefined {
    return parentSpanId === undefined ? undefined : this.#spans.get(keyOf(traceId, parentSpanId));
  }
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`;
}
