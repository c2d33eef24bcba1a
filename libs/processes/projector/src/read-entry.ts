import {
  DEFAULT_EVENT_LIMITS,
  FORBIDDEN,
  NO_LIMITS,
  parseEvent,
  redrivenOf,
  type DeadLetter,
  type DeadLetterReason,
  type EventLimits,
  type HeedEvent,
  type LogEntry,
} from '@heed/events';
import type { Result } from '@heed/kernel';
import { ERASED_LETTER, type DeadLetterRow, type RedriveRow } from '@heed/sessions';

/**
 * A log entry that is an event of a session, or was one until its user was forgotten, or the dead letter that it is instead, or Heed's note that
 * a dead letter was redriven.
 */
export type ReadEntry =
  | { readonly fate: 'event'; readonly entry: LogEntry; readonly event: HeedEvent }
  | { readonly fate: 'erased'; readonly entry: LogEntry }
  | { readonly fate: 'dead-letter'; readonly row: DeadLetterRow }
  | { readonly fate: 'redriven'; readonly row: RedriveRow };

/** For what the edge refused: the limits that cannot be configured explain it, the one that can must not change the text. */
const LIMITS_OF_REFUSED: EventLimits = { ...DEFAULT_EVENT_LIMITS, eventBytes: Infinity };

/** Never throws: an entry on which the parser itself fails is a dead letter like any other, and those after it go on. */
export function readEntry(entry: LogEntry): ReadEntry {
  try {
    const redriven = redrivenOf(entry);
    if (redriven !== undefined) {
      const { tenant, receivedAtMs, position } = entry;
      const { letter, event } = redriven;
      return { fate: 'redriven', row: { tenant, letter, eventId: event, receivedAtMs, position } };
    }
    if (entry.unread === 'erased') {
      if (entry.deadLetter === undefined) return { fate: 'erased', entry };
      return {
        fate: 'dead-letter',
        row: deadLetterRow(entry, { reason: entry.deadLetter, ...ERASED_LETTER }),
      };
    }
    if (entry.unread === 'unknown') return { fate: 'dead-letter', row: deadLetterRow(entry, SEALED) };
    const limits = entry.deadLetter === undefined ? NO_LIMITS : LIMITS_OF_REFUSED;
    const parsed = parseEvent(entry.body, { receivedAtMs: entry.receivedAtMs, limits });
    if (parsed.ok && entry.deadLetter === undefined) return { fate: 'event', entry, event: parsed.value };
    return { fate: 'dead-letter', row: deadLetterRow(entry, whyNot(entry.deadLetter, parsed)) };
  } catch (thrown) {
    return { fate: 'dead-letter', row: deadLetterRow(entry, poisoned(thrown)) };
  }
}

/** An event on which reading or deriving failed in a way that nobody foresaw. The message may hold the user's text: not kept. */
export function poisoned(thrown: unknown): DeadLetter {
  const place =
    thrown instanceof Error
      ? /at (?<name>[\w.<> ]+) \(/u.exec(thrown.stack ?? '')?.groups?.['name']
      : undefined;
  return {
    reason: 'poisoned',
    detail: `reading its session failed with ${thrown instanceof Error ? thrown.name : 'a fault'}${place ? ` in ${place}` : ''}`,
    remedy:
      'please report it with the event, if you can share it; after an update run heed replay, which reads everything again',
  };
}

export function deadLetterRow(entry: LogEntry, letter: DeadLetter): DeadLetterRow {
  return {
    tenant: entry.tenant,
    key: entry.key,
    reason: letter.reason,
    detail: letter.detail,
    remedy: letter.remedy,
    eventId: letter.eventId ?? '',
    eventType: letter.eventType ?? '',
    session: letter.session ?? entry.session,
    receivedAtMs: entry.receivedAtMs,
    position: entry.position,
    body: entry.body,
    ...(entry.sealedBy !== undefined && { sealedBy: entry.sealedBy }),
  };
}

/** The edge's or the log's verdict stands; what the parser says of the same bytes explains it where both agree. */
function whyNot(verdict: DeadLetterReason | undefined, parsed: Result<HeedEvent, DeadLetter>): DeadLetter {
  if (!parsed.ok && (verdict === undefined || verdict === parsed.error.reason)) return parsed.error;
  const reason = verdict ?? 'poisoned';
  const known = identityIn(parsed);
  if (reason === 'conflicting-duplicate') return { ...known, reason, ...CONFLICT };
  if (reason === 'forbidden') return { ...known, ...FORBIDDEN };
  if (reason === 'oversized') return { ...known, reason, ...OVERSIZED };
  return {
    ...known,
    reason,
    detail: 'it was refused when it was received',
    remedy: 'send it again with redrive: it is then judged anew (this dead letter stays on record)',
  };
}

function identityIn(
  parsed: Result<HeedEvent, DeadLetter>,
): Pick<DeadLetter, 'eventId' | 'eventType' | 'session'> {
  if (parsed.ok) {
    const { id, name, session } = parsed.value;
    return { eventId: id, eventType: `heed.${name}`, session };
  }
  const { eventId, eventType, session } = parsed.error;
  return {
    ...(eventId !== undefined && { eventId }),
    ...(eventType !== undefined && { eventType }),
    ...(session !== undefined && { session }),
  };
}

const SEALED: DeadLetter = {
  reason: 'unreadable',
  detail: 'it is sealed by a key that the database does not have',
  remedy: 'restore the PostgreSQL database from a backup that has it, then run heed replay',
};

const OVERSIZED = {
  detail: 'the event has more bytes than were accepted when it was received',
  remedy: 'leave out what is not needed, put media behind a uri, or raise the limit in the configuration',
};

const CONFLICT = {
  detail: 'an event with the same id and other content came before it, and stands',
  remedy: 'give it an id of its own and send it again',
};
