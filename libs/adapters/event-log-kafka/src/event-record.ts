import {
  DEAD_LETTER_REASONS,
  type DeadLetterReason,
  type EventLimits,
  type LogEntry,
  type NewLogEntry,
} from '@heed/events';
import { tenantId, type TenantId } from '@heed/kernel';
import type { IHeaders, Message } from 'kafkajs';
import { z } from 'zod';
import { applicationEntry } from './application-record.ts';
import { positionOf } from './log-position.ts';
import { textOf, type LogRecord } from './log-record.ts';
import { fromRecordText, toRecordText } from './record-text.ts';

const STRUCTURED = 'application/cloudevents+json; charset=UTF-8';

/** Heed's own headers. What has both of the first two was written by Heed; without them it is an application's. */
const RECEIVED = 'heed-received';
const KEY = 'heed-key';
const DEAD_LETTER = 'heed-dead-letter';
/** Names what of `key`, `session` and `body` is given as a JSON string. */
const ESCAPED = 'heed-escaped';

const deadLetterReason = z.enum(DEAD_LETTER_REASONS);

/** CloudEvents in structured mode: the value is the event as it was received, whatever it is. */
export function recordOf(entry: NewLogEntry): Message & { readonly key: string } {
  const key = toRecordText(entry.key);
  const session = toRecordText(entry.session);
  const body = toRecordText(entry.body);
  const headers: IHeaders = {
    'content-type': STRUCTURED,
    [RECEIVED]: String(entry.receivedAtMs),
    [KEY]: key.text,
  };
  if (entry.deadLetter !== undefined) headers[DEAD_LETTER] = entry.deadLetter;
  if (key.escaped || session.escaped || body.escaped) {
    headers[ESCAPED] = Object.entries({ key, session, body })
      .flatMap(([name, { escaped }]) => (escaped ? [name] : []))
      .join(',');
  }
  return {
    key: `${entry.tenant.replace(/[%/]/gu, encodeURIComponent)}/${session.text}`,
    value: Buffer.from(body.text),
    headers,
  };
}

/** Whether Heed wrote the record, and judged it before; else it is an application's own. */
export function isHeedsOwn({ headers, key }: LogRecord): boolean {
  const received = Number(textOf(headers[RECEIVED]) ?? NaN);
  return (
    textOf(headers[KEY]) !== undefined && Number.isFinite(received) && keyParts(key).tenant !== undefined
  );
}

/** The entry that a record is. Never throws: what cannot be an event is a dead letter. */
export function entryOf(record: LogRecord, limits?: EventLimits): LogEntry {
  const position = positionOf(record);
  const { headers } = record;
  const receivedAtMs = Number(textOf(headers[RECEIVED]) ?? NaN);
  const key = textOf(headers[KEY]);
  const { tenant, session } = keyParts(record.key);
  if (key === undefined || !Number.isFinite(receivedAtMs) || tenant === undefined) {
    return { ...applicationEntry(record, tenant, limits), position };
  }
  const escaped = textOf(headers[ESCAPED])?.split(',') ?? [];
  const plain = (name: string, text: string): string =>
    fromRecordText({ text, escaped: escaped.includes(name) });
  const deadLetter = deadLetterOf(headers[DEAD_LETTER]);
  return {
    tenant,
    key: plain('key', key),
    session: plain('session', session),
    body: plain('body', record.value?.toString() ?? ''),
    receivedAtMs,
    position,
    ...(deadLetter && { deadLetter }),
  };
}

/** A reason that only a later version knows is still a dead letter. */
function deadLetterOf(header: IHeaders[string]): DeadLetterReason | undefined {
  const reason = textOf(header);
  return reason === undefined ? undefined : (deadLetterReason.safeParse(reason).data ?? 'poisoned');
}

function keyParts(key: Buffer | null): { readonly tenant?: TenantId; readonly session: string } {
  const text = key?.toString() ?? '';
  const slash = text.indexOf('/');
  if (slash < 1) return { session: '' };
  const tenant = text.slice(0, slash).replace(/%2F|%25/gu, decodeURIComponent);
  return { tenant: tenantId(tenant), session: text.slice(slash + 1) };
}
