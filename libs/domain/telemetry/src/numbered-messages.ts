import type { Message } from './message.ts';
import { readMessages } from './read-messages.ts';
import type { Attributes, AttributeValue } from './span.ts';

/**
 * Messages written as an attribute for each field, as OpenLLMetry does: `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`,
 * `gen_ai.completion.0.tool_calls.0.name`. In the order of their numbers, gaps passed over.
 */
export function numberedMessages(attributes: Attributes, prefix: string, role: string): readonly Message[] {
  const messages = new Map<number, Map<string, AttributeValue>>();
  for (const [name, value] of attributes) {
    const [, index, field] = (name.startsWith(prefix) && NUMBERED.exec(name.slice(prefix.length))) || [];
    if (index !== undefined && field !== undefined) at(messages, Number(index)).set(field, value);
  }
  return inOrder(messages).flatMap((fields) =>
    readMessages(
      {
        role: fields.get('role'),
        content: contentOf(fields.get('content')),
        tool_call_id: fields.get('tool_call_id'),
        tool_calls: callsIn(fields),
      },
      role,
    ),
  );
}

const NUMBERED = /^(\d{1,6})\.(.+)$/u;
const CALL = /^tool_calls\.(\d{1,6})\.(id|name|arguments)$/u;

function callsIn(fields: ReadonlyMap<string, AttributeValue>): readonly unknown[] {
  const calls = new Map<number, Map<string, AttributeValue>>();
  for (const [name, value] of fields) {
    const [, index, field] = CALL.exec(name) ?? [];
    if (index !== undefined && field !== undefined) at(calls, Number(index)).set(field, value);
  }
  return inOrder(calls).map((call) => ({
    id: call.get('id'),
    name: call.get('name'),
    arguments: call.get('arguments'),
  }));
}

/** A list of parts is written as JSON in the place of the text. */
function contentOf(content: AttributeValue | undefined): unknown {
  if (typeof content !== 'string' || !content.startsWith('[{')) return content;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
}

function at<Field>(all: Map<number, Map<string, Field>>, index: number): Map<string, Field> {
  const known = all.get(index);
  if (known !== undefined) return known;
  const fresh = new Map<string, Field>();
  all.set(index, fresh);
  return fresh;
}

function inOrder<Value>(all: ReadonlyMap<number, Value>): readonly Value[] {
  return [...all].sort(([a], [b]) => a - b).map(([, value]) => value);
}
