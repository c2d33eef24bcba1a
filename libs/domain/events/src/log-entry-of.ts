import { err, eventId, type Err, type EventId, type Result, type TenantId } from '@heed/kernel';
import { storableBody } from './bytes-envelope.ts';
import { subjectOfEvent } from './data-subject.ts';
import type { DeadLetter } from './dead-letter.ts';
import { FORBIDDEN } from './forbidden.ts';
import type { HeedEvent } from './event.ts';
import type { EventLimits } from './event-limits.ts';
import type { NewLogEntry } from './event-log.ts';
import { parseEvent, parseEventValue } from './parse-event.ts';

/** One event as it came in at the edge. */
export interface ReceivedEvent {
  readonly tenant: TenantId;
  readonly receivedAtMs: number;
  /** As it was sent; of a batch, the text of the one event. */
  readonly body: string | Uint8Array;
  /** `body` parsed, where the edge has done so already, as it must to take a batch apart. */
  readonly value?: unknown;
}

export interface LogEntryOptions {
  /** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
  readonly sha256: (text: string) => string;
  readonly limits?: EventLimits;
  /** Events that the sender may not send; none when absent. */
  readonly forbidden?: readonly HeedEvent['name'][];
}

export interface ReadLogEntry {
  readonly entry: NewLogEntry;
  /** The same that parsing the entry's body again gives, now or on replay. */
  readonly parsed: Result<HeedEvent, DeadLetter>;
}

/**
 * What to append to the log for one received event, and what it is. An event's key is its id. A dead letter's key is its
 * reason and a digest of its bytes: sent again it is a duplicate, and its id stays free for the corrected event.
 */
export function logEntryOf(received: ReceivedEvent, options: LogEntryOptions): ReadLogEntry {
  const { tenant, receivedAtMs, value } = received;
  const body = storableBody(received.body);
  const context = { receivedAtMs, ...(options.limits === undefined ? {} : { limits: options.limits }) };
  const read = value === undefined ? parseEvent(body, context) : parseEventValue(value, body, context);
  const parsed = read.ok && options.forbidden?.includes(read.value.name) ? forbidden(read.value) : read;
  if (parsed.ok) {
    const { id, session } = parsed.value;
    const subject = subjectOfEvent(parsed.value, { tenant, body }) ?? null;
    return { entry: { tenant, key: logKeyOf(id), session, body, receivedAtMs, subject }, parsed };
  }
  const { reason, session = '' } = parsed.error;
  const key = `!${reason}:${options.sha256(body)}`;
  return { entry: { tenant, key, session, body, receivedAtMs, deadLetter: reason }, parsed };
}

function forbidden({ id, name, session }: HeedEvent): Err<DeadLetter> {
  return err({ ...FORBIDDEN, eventId: id, eventType: `heed.${name}`, session });
}

/** The key in the log of the event that has this id. Ids that begin like a dead letter's key are moved out of its way. */
export function logKeyOf(id: string): string {
  return id.startsWith('!') ? `${MOVED}${id}` : id;
}

const MOVED = '!event:';

/** The id of the event that has this key in the log. */
export function eventIdOfKey(key: string): EventId {
  return eventId(key.startsWith(MOVED) ? key.slice(MOVED.length) : key);
}
