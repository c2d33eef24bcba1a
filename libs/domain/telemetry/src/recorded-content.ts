import type { Message } from './message.ts';
import { numberedMessages } from './numbered-messages.ts';
import { readMessages } from './read-messages.ts';
import { firstText, type Attributes, type Span, type SpanEvent } from './span.ts';

/** What went into a model or an agent and what came out, in order. */
export interface RecordedContent {
  readonly input: readonly Message[];
  readonly output: readonly Message[];
}

/**
 * The messages that a span has on record. The conventions have changed, and instrumentations with them; of each side the first place
 * that holds any counts:
 *
 * - `gen_ai.input.messages` and `gen_ai.output.messages`, on the span or on an event of it;
 * - `gen_ai.prompt.N.*` and `gen_ai.completion.N.*` (OpenLLMetry), or one `gen_ai.prompt` and `gen_ai.completion`;
 * - the events `gen_ai.user.message`, `gen_ai.choice` and their like (until v1.36), `gen_ai.content.prompt` and `.completion` (until v1.27).
 */
export function recordedContent({ attributes, events }: Span): RecordedContent {
  const holders = [attributes, ...events.map((event) => event.attributes)];
  return {
    input: firstOf(
      () => attributeMessages(holders, 'gen_ai.input.messages', 'user'),
      () => numberedMessages(attributes, 'gen_ai.prompt.', 'user'),
      () => attributeMessages(holders, 'gen_ai.prompt', 'user'),
      () => events.flatMap(inputOfEvent),
    ),
    output: firstOf(
      () => attributeMessages(holders, 'gen_ai.output.messages', 'assistant'),
      () => numberedMessages(attributes, 'gen_ai.completion.', 'assistant'),
      () => attributeMessages(holders, 'gen_ai.completion', 'assistant'),
      () => events.flatMap((event) => (event.name === 'gen_ai.choice' ? bodyOf(event, 'assistant') : [])),
    ),
  };
}

function firstOf(...places: readonly (() => readonly Message[])[]): readonly Message[] {
  for (const place of places) {
    const messages = place();
    if (messages.length > 0) return messages;
  }
  return [];
}

function attributeMessages(holders: readonly Attributes[], name: string, role: string): readonly Message[] {
  const holder = holders.find((attributes) => attributes.has(name));
  return readMessages(holder?.get(name), role);
}

const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/u;

function inputOfEvent(event: SpanEvent): readonly Message[] {
  const role = MESSAGE_EVENT.exec(event.name)?.[1];
  return role === undefined ? [] : bodyOf(event, role);
}

/** Some wrote the message as one JSON text, some as an attribute for each of its fields. */
function bodyOf({ attributes }: SpanEvent, role: string): readonly Message[] {
  const whole = attributes.get('gen_ai.event.content') ?? attributes.get('message');
  if (whole !== undefined) return readMessages(whole, role);
  const calls = firstText(attributes, 'tool_calls');
  return readMessages(
    {
      role: firstText(attributes, 'role') ?? role,
      content: attributes.get('content'),
      tool_call_id: attributes.get('id'),
      tool_calls: calls === undefined ? attributes.get('tool_calls') : listIn(calls),
    },
    role,
  );
}

function listIn(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
