import type { CloudEvent } from '@heed/events';
import { answerIn, eventsOfTurn, requestIn, turnOf, type Sha256, type TracedTurn } from './events-of-turn.ts';
import type { Message } from './message.ts';
import { answers, operationOf } from './operation.ts';
import { recordedContent, type RecordedContent } from './recorded-content.ts';
import type { Span } from './span.ts';
import { TraceFamily } from './trace-family.ts';
import { TraceIds } from './trace-ids.ts';

/** One span's events, in an order that may be sent. */
export interface SpanEvents {
  readonly span: Span;
  readonly events: readonly CloudEvent[];
}

export interface TurnsInTraces {
  readonly turns: readonly SpanEvents[];
  /** GenAI spans that answer but have no words on record, neither their own nor anywhere in their trace. */
  readonly withoutContent: readonly Span[];
  /** Spans that name no conversation while what is above them is not here to name it. */
  readonly withoutSession: readonly Span[];
  /** Spans whose turn has another request in the same trace already: of one turn only the first request counts. */
  readonly secondRequests: readonly Span[];
  /** Spans of anything but GenAI. */
  readonly otherSpans: number;
}

interface Exchange {
  readonly content: RecordedContent;
  readonly request: Message;
}

/**
 * The turns in the spans of one export. Nothing is remembered between exports, so whatever a span becomes is told by it and by
 * the spans that came with it: of nested spans the outermost with words on record is the turn, the others are its stages.
 *
 * Total: no span can make it throw. O(n log n).
 */
export function turnsInTraces(spans: readonly Span[], sha256: Sha256): TurnsInTraces {
  const exchanges = new Map(spans.flatMap(exchangeOf));
  const family = new TraceFamily(spans, (span) => exchanges.has(span));
  const ids = new TraceIds(spans);
  const below = Map.groupBy(spans, (span) => family.ancestryOf(span).turn);
  const found = { withoutSession: [] as Span[], secondRequests: [] as Span[] };
  const requests = new Map<string, string>();
  const turns: SpanEvents[] = [];
  for (const [span, { content, request }] of exchanges) {
    if (family.ancestryOf(span).turn !== span) continue;
    const session = ids.sessionOf(span) ?? (family.ancestryOf(span).isWhole ? span.traceId : undefined);
    if (session === undefined) {
      found.withoutSession.push(span);
      continue;
    }
    const inner = (below.get(span) ?? []).filter((other) => other !== span);
    const traced: TracedTurn = {
      span,
      session,
      user: ids.userOf(span),
      request,
      content,
      below: inner,
      answerBelow: lastAnswer(inner, exchanges),
    };
    turns.push({ span, events: eventsOfTurn(traced, sha256) });
    const turn = JSON.stringify([session, turnOf(span)]);
    const before = requests.get(turn);
    if (before === undefined) requests.set(turn, request.text);
    else if (before !== request.text) found.secondRequests.push(span);
  }
  const told = new Set([...exchanges.keys()].map(({ traceId }) => traceId));
  return {
    turns,
    ...found,
    withoutContent: spans.filter((span) => answers(operationOf(span)) && !told.has(span.traceId)),
    otherSpans: spans.filter((span) => operationOf(span) === undefined).length,
  };
}

function exchangeOf(span: Span): readonly (readonly [Span, Exchange])[] {
  if (!answers(operationOf(span))) return [];
  const content = recordedContent(span);
  const request = requestIn(content);
  return request === undefined ? [] : [[span, { content, request }]];
}

function lastAnswer(spans: readonly Span[], exchanges: ReadonlyMap<Span, Exchange>): string {
  let last: { readonly endMs: number; readonly text: string } | undefined;
  for (const span of spans) {
    const content = exchanges.get(span)?.content;
    const text = content === undefined ? '' : answerIn(content, span);
    if (text !== '' && (last === undefined || span.endMs >= last.endMs)) last = { endMs: span.endMs, text };
  }
  return last?.text ?? '';
}
