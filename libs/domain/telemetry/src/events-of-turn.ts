import { cloudEventOf, type CloudEvent, type EventData, type EventName, type EventType } from '@heed/events';
import { isFromUser, type Message } from './message.ts';
import { depthOf } from './operation.ts';
import type { RecordedContent } from './recorded-content.ts';
import { firstText, type Span } from './span.ts';
import { stagesOf } from './stages-of.ts';

/** A span that answers a user, with all that the request it came in tells about it. */
export interface TracedTurn {
  readonly span: Span;
  readonly session: string;
  readonly user: string | undefined;
  readonly request: Message;
  readonly content: RecordedContent;
  /** The GenAI spans below it. */
  readonly below: readonly Span[];
  /** The answer of the last span below that has one; for agents that do not record their own. */
  readonly answerBelow: string;
}

export type Sha256 = (text: string) => string;

/** The turn that a span stands for: its trace, unless the application names another. */
export function turnOf({ attributes, traceId }: Span): string {
  return firstText(attributes, 'heed.turn') ?? traceId;
}

/** What the user asked last. */
export function requestIn({ input }: RecordedContent): Message | undefined {
  return input.findLast(isFromUser);
}

/** The assistant's words: of several choices the first, of an agent's several messages the last. */
export function answerIn({ output }: RecordedContent, span: Span): string {
  const said = output.filter(({ text, results }) => text !== '' && results.length === 0);
  const isAgent = firstText(span.attributes, 'gen_ai.operation.name')?.startsWith('invoke_') === true;
  return (isAgent ? said.at(-1) : said[0])?.text ?? '';
}

/**
 * A span says two things: when it began, what was asked; when it ended, what was answered. Two events, because of the spans of
 * one turn the outermost begins first and ends last: where they come apart, Heed takes the first turn and the last response of
 * all, and both are the outermost one's. A failed span leaves a check that did not pass.
 */
export function eventsOfTurn(traced: TracedTurn, sha256: Sha256): readonly CloudEvent[] {
  const { span, content } = traced;
  const turn = turnOf(span);
  const text = answerIn(content, span) || traced.answerBelow;
  const model = firstText(span.attributes, 'gen_ai.response.model', 'gen_ai.request.model');
  const stages = stagesOf(traced.below, content);
  const events: CloudEvent[] = [eventOf(traced, sha256, 'heed.turn.v1', span.startMs, turnData(traced))];
  if (text !== '') {
    const data = {
      turn,
      response: { text, ...(model !== undefined && { model }) },
      ...(stages.length > 0 && { stages }),
      latencyMs: Math.max(0, Math.round(span.endMs - span.startMs)),
    };
    events.push(eventOf(traced, sha256, 'heed.response.v1', span.endMs, data));
  }
  if (span.failed) {
    const detail = firstText(span.attributes, 'error.type');
    const data = { turn, name: 'completed', passed: false, ...(detail !== undefined && { detail }) };
    events.push(eventOf(traced, sha256, 'heed.check.v1', span.endMs, data));
  }
  return events;
}

function turnData({ span, user, request }: TracedTurn): EventData['turn'] {
  const attributes = Object.fromEntries(
    ['gen_ai.provider.name', 'gen_ai.system', 'gen_ai.agent.name'].flatMap((name) => {
      const value = firstText(span.attributes, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    turn: turnOf(span),
    ...(user !== undefined && { user }),
    request: { text: request.text, ...(request.media.length > 0 && { media: request.media }) },
    ...(span.service !== '' && { surface: span.service }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/**
 * The id says all that the event does, so sending spans again changes nothing, and the same spans in other company can never be a
 * conflict. In it stands the depth, because events of one time are ordered by their ids: the outer turn first, the outer response last.
 */
function eventOf<Name extends EventName>(
  { span, session }: TracedTurn,
  sha256: Sha256,
  type: EventType<Name>,
  atMs: number,
  data: EventData[Name],
): CloudEvent {
  const depth = type === 'heed.turn.v1' ? depthOf(span) : 9 - depthOf(span);
  const timeMs = Math.floor(atMs);
  const digest = sha256(JSON.stringify([type, session, timeMs, data])).slice(0, 16);
  return cloudEventOf({
    type,
    id: `otlp-${span.traceId}-${depth}-${span.spanId}-${digest}`,
    session,
    source: span.service === '' ? 'otlp' : span.service,
    timeMs,
    data,
  });
}
