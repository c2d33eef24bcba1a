/** The value of an attribute, as OpenTelemetry allows them. */
export type AttributeValue =
  string | number | boolean | null | readonly AttributeValue[] | { readonly [name: string]: AttributeValue };

export type Attributes = ReadonlyMap<string, AttributeValue>;

export interface SpanEvent {
  readonly name: string;
  readonly attributes: Attributes;
}

/** As much of an OpenTelemetry span as Heed reads. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits, unique in the trace. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Where the trace begins, or where it comes into this service from another: nothing of this service is above it. */
  readonly isEntry: boolean;
  readonly name: string;
  /** Milliseconds since 1970, within what a Date can hold. */
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  /** `service.name` of the resource, empty when it has none. */
  readonly service: string;
  readonly attributes: Attributes;
  /** In the order they were recorded. */
  readonly events: readonly SpanEvent[];
}

/** The first of these attributes that is a text and says something. */
export function firstText(attributes: Attributes, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
