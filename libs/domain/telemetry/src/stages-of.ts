import type { EventData } from '@heed/events';
import { isFromUser, type Message, type ToolCall, type ToolResult } from './message.ts';
import { operationOf } from './operation.ts';
import { asText } from './read-messages.ts';
import type { RecordedContent } from './recorded-content.ts';
import { firstText, type Span } from './span.ts';

export type Stage = NonNullable<EventData['turn']['stages']>[number];

/** Of one turn; an agent that went round in circles is told by its first ones. */
const MAX_STAGES = 50;

/** What went into a stage and came out of it is for reading; whole documents are kept where the trace is. */
const MAX_STAGE_CHARS = 2000;

const STAGE_NAMES: Readonly<Record<string, string>> = {
  chat: 'generate',
  generate_content: 'generate',
  text_completion: 'generate',
  execute_tool: 'tool',
  retrieval: 'retrieve',
  search_memory: 'retrieve',
};

/**
 * How the answer came about: the GenAI spans below it that came along, in the order they began, and, when no tool is among
 * them, the tools that the messages since the user's last word speak of.
 */
export function stagesOf(below: readonly Span[], content: RecordedContent): readonly Stage[] {
  const spans = below
    .filter((span) => operationOf(span) !== undefined)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || (a.spanId < b.spanId ? -1 : 1));
  const stages = spans.slice(0, MAX_STAGES).map(stageOfSpan);
  if (!stages.some(({ name }) => name === 'tool')) stages.push(...toolsIn(content));
  return stages.slice(0, MAX_STAGES);
}

function stageOfSpan(span: Span): Stage {
  const { attributes } = span;
  const operation = operationOf(span) ?? '';
  const about = {
    tool: firstText(attributes, 'gen_ai.tool.name'),
    agent: operation === 'execute_tool' ? undefined : firstText(attributes, 'gen_ai.agent.name'),
    model: firstText(attributes, 'gen_ai.response.model', 'gen_ai.request.model'),
    arguments: cut(asText(attributes.get('gen_ai.tool.call.arguments'))),
    query: cut(asText(attributes.get('gen_ai.retrieval.query.text'))),
  };
  const input = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  const output = cut(asText(attributes.get('gen_ai.tool.call.result')));
  return {
    name: Object.hasOwn(STAGE_NAMES, operation) ? (STAGE_NAMES[operation] ?? operation) : operation,
    ...(Object.keys(input).length > 0 && { input }),
    ...(output !== undefined && { output }),
    status: span.failed ? 'error' : 'ok',
    startedAt: new Date(span.startMs).toISOString(),
    endedAt: new Date(span.endMs).toISOString(),
  };
}

function toolsIn({ input, output }: RecordedContent): readonly Stage[] {
  const since = [...input.slice(input.findLastIndex(isFromUser) + 1), ...output];
  const results = since.flatMap((message: Message) => message.results);
  return since.flatMap(({ calls }) => calls).map((call) => stageOfCall(call, results));
}

function stageOfCall(call: ToolCall, results: readonly ToolResult[]): Stage {
  const result = call.id === undefined ? undefined : results.find(({ id }) => id === call.id);
  const given = cut(call.arguments);
  const output = cut(result?.text ?? '');
  return {
    name: 'tool',
    input: { tool: call.tool, ...(given !== undefined && { arguments: given }) },
    ...(output !== undefined && { output }),
  };
}

/** Undefined for nothing. Never ends in half a character. */
function cut(text: string): string | undefined {
  if (text === '') return undefined;
  return text.length <= MAX_STAGE_CHARS ? text : `${text.slice(0, MAX_STAGE_CHARS - 1).toWellFormed()}…`;
}
