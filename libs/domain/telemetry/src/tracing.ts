/** Facts about a piece of work. Never the text of a user, never a key, and nothing whose number has no bound. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** A place in a trace, of this process or of another, under which further work can stand. */
export interface SpanPlace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace is recorded at all. */
  readonly sampled: boolean;
}

export interface SpanStart {
  /** `server`: work that another process asked for and waits for; `client`: work that this one has another do. */
  readonly kind?: 'server' | 'client';
  /** What the work stands under; without it the work under way in this place of the program, and nothing at all where it is null. */
  readonly parent?: SpanPlace | null | undefined;
  /** What else the work was done for. */
  readonly links?: readonly SpanPlace[];
  readonly facts?: SpanFacts;
  /** How long ago the work began; 0 without it. */
  readonly sinceMs?: number;
}

/** Work under way. */
export interface OpenSpan {
  readonly place: SpanPlace | undefined;
  /** What came to be known meanwhile. */
  note(facts: SpanFacts): void;
  /** To be called once. `failure` is what went wrong in one word: a code, the name of a class, a status. */
  end(failure?: string): void;
}

/** How a process tells of its own work, as OpenTelemetry has it. No method ever throws or waits for whoever listens. */
export interface Tracing {
  /** @param name of the kind of work: as few as there are kinds */
  begin(name: string, start?: SpanStart): OpenSpan;
  /** Runs work as part of a span: what begins in it, however much later, stands under the span. */
  within<T>(span: OpenSpan, work: () => T): T;
  /** The work under way in this place of the program. */
  here(): SpanPlace | undefined;
  /** Hands over what has ended so far, as far as that is possible within seconds; nothing that ends later is told. */
  close(): Promise<void>;
}

/** Runs work as a span of its own. What it throws ends the span as a failure. */
export async function traced<T>(
  tracing: Tracing,
  name: string,
  start: SpanStart,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = tracing.begin(name, start);
  try {
    const result = await tracing.within(span, () => work(span));
    span.end();
    return result;
  } catch (thrown) {
    span.end(failureOf(thrown));
    throw thrown;
  }
}

/** The code of what was thrown, or its class: a message may hold what a user wrote. */
function failureOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown';
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}

const UNTOLD: OpenSpan = { place: undefined, note: () => undefined, end: () => undefined };

/** Tells nobody. */
export const NO_TRACING: Tracing = {
  begin: () => UNTOLD,
  within: (_span, work) => work(),
  here: () => undefined,
  close: () => Promise.resolve(),
};
