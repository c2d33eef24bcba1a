import type { IHeaders } from 'kafkajs';

/** A record of the topic, as it was read. */
export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
  /** When the broker took it in, milliseconds since 1970. */
  readonly timestampMs: number;
}

/** The last of a header that is there more than once. */
export function textOf(header: IHeaders[string]): string | undefined {
  const last = Array.isArray(header) ? header.at(-1) : header;
  return last?.toString();
}
