import { firstText, type Span } from './span.ts';

const SESSION_NAMES = ['gen_ai.conversation.id', 'session.id', 'traceloop.association.properties.session_id'];
const USER_NAMES = ['enduser.id', 'user.id', 'enduser.pseudo.id', 'traceloop.association.properties.user_id'];

/** Ids that one span of a trace carries for all of them, as instrumentations set them where they know them. */
export class TraceIds {
  readonly #first = new Map<string, string>();

  constructor(spans: readonly Span[]) {
    const inOrder = [...spans].sort((a, b) => a.startMs - b.startMs || (a.spanId < b.spanId ? -1 : 1));
    for (const { traceId, attributes } of inOrder) {
      for (const name of [...SESSION_NAMES, ...USER_NAMES]) {
        const value = firstText(attributes, name);
        const key = `${traceId}/${name}`;
        if (value !== undefined && !this.#first.has(key)) this.#first.set(key, value);
      }
    }
  }

  /** The conversation that a span is part of, when the span itself or any other of its trace names one. */
  sessionOf(span: Span): string | undefined {
    return this.#find(span, SESSION_NAMES);
  }

  userOf(span: Span): string | undefined {
    return this.#find(span, USER_NAMES);
  }

  #find({ traceId, attributes }: Span, names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = firstText(attributes, name) ?? this.#first.get(`${traceId}/${name}`);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}
