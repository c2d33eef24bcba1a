import type { PartialSuccess } from './trace-codec.ts';
import type { TurnsInTraces } from './turns-in-traces.ts';

/** What became of the events of the spans that were turns. */
export interface RefusedSpan {
  readonly reason: string;
  readonly detail: string;
}

/**
 * What OTLP lets a receiver say about spans that it did not take: how many, and in words why and what to do. Spans that became
 * stages and spans of anything but GenAI are taken: there is nothing to do about them.
 */
export function partialSuccess(
  found: TurnsInTraces,
  malformed: number,
  refused: readonly RefusedSpan[],
): PartialSuccess {
  const { withoutContent, withoutSession, secondRequests } = found;
  const messages = [
    told(malformed, 'without a valid trace id, span id or time: ids are 32 and 16 hexadecimal digits'),
    told(
      withoutContent.length,
      'without content: a turn needs its words, so switch the recording of content on in the instrumentation (gen_ai.input.messages, gen_ai.output.messages)',
    ),
    told(
      withoutSession.length,
      'without a conversation, their parents not being in the same export: set gen_ai.conversation.id (or session.id) on every GenAI span',
    ),
    told(
      refused.length,
      `kept as dead letters, which \`heed dead-letters\` shows; the first: ${refused[0]?.reason ?? ''}, ${refused[0]?.detail ?? ''}`,
    ),
    told(
      secondRequests.length,
      'with another request than the turn of their trace has already, which stays (they are not counted as rejected): begin a trace for every turn, or set heed.turn on its spans',
    ),
  ];
  return {
    rejectedSpans: malformed + withoutContent.length + withoutSession.length + refused.length,
    errorMessage: messages.filter((message) => message !== '').join('. '),
  };
}

function told(spans: number, what: string): string {
  return spans === 0 ? '' : `${spans} ${spans === 1 ? 'span' : 'spans'} ${what}`;
}
