import type { AttributeValue, Span } from './span.ts';

export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
export const BEGAN = Date.UTC(2026, 2, 1, 9);

type Given = Partial<Omit<Span, 'attributes' | 'events'>> & {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly events?: readonly (readonly [
    name: string,
    attributes: Readonly<Record<string, AttributeValue>>,
  ])[];
};

/** A whole span around what a test says about it; the entry of its trace unless it has a parent. */
export function span({ attributes = {}, events = [], ...given }: Given): Span {
  return {
    traceId: TRACE,
    spanId: '00000000000000a1',
    parentSpanId: undefined,
    isEntry: given.parentSpanId === undefined,
    name: 'a span',
    startMs: BEGAN,
    endMs: BEGAN + 1000,
    failed: false,
    service: 'shop',
    ...given,
    attributes: new Map(Object.entries(attributes)),
    events: events.map(([name, own]) => ({ name, attributes: new Map(Object.entries(own)) })),
  };
}

export const said = (role: string, content: string): AttributeValue => ({
  role,
  parts: [{ type: 'text', content }],
});

export function chat(asked: string, answered: string, given: Given = {}): Span {
  return span({
    ...given,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([said('user', asked)]),
      'gen_ai.output.messages': JSON.stringify([said('assistant', answered)]),
      ...given.attributes,
    },
  });
}
