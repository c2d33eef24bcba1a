import { firstText, type Span } from './span.ts';

/** The operations that answer somebody; all others are steps on the way. The outer ones first, as they nest. */
const ANSWERING = ['invoke_workflow', 'invoke_agent', 'chat', 'generate_content', 'text_completion'];

/** `gen_ai.operation.name`, or what older instrumentations say in its place; undefined for a span of anything else. */
export function operationOf({ attributes }: Span): string | undefined {
  const named = firstText(attributes, 'gen_ai.operation.name', 'llm.request.type');
  if (named !== undefined) return named === 'completion' ? 'text_completion' : named;
  if (attributes.has('gen_ai.tool.name')) return 'execute_tool';
  return firstText(attributes, 'gen_ai.system', 'gen_ai.provider.name') === undefined ? undefined : 'chat';
}

export function answers(operation: string | undefined): boolean {
  return operation !== undefined && ANSWERING.includes(operation);
}

/** Of two spans that begin in the same millisecond the one around the other is told by this: 0 is the outermost. At most 9. */
export function depthOf(span: Span): number {
  if (span.isEntry) return 0;
  const place = ANSWERING.indexOf(operationOf(span) ?? '');
  return place < 0 ? 9 : Math.min(place, 2) + 1;
}
