import { parseEvent, type HeedEvent, type LogEntry } from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import {
  deriveSession,
  type DeadLetterRow,
  type DerivedSession,
  type FiledEvent,
  type KnownSession,
  type SessionChanges,
  type SessionEvent,
  type SessionModels,
} from '@heed/sessions';
import { deadLetterRow, NO_LIMITS, poisoned } from './read-entry.ts';

export interface ProjectionRules {
  readonly models: SessionModels;
}

/** Events of one session, in the log's order, that a batch brings. */
export interface TouchedSession {
  readonly tenant: TenantId;
  readonly session: SessionId;
  readonly arrived: readonly { readonly entry: LogEntry; readonly event: HeedEvent }[];
}

type SessionChange = SessionChanges['derived'][number];

/** What becomes of one touched session. */
export interface DerivedTouch {
  readonly filed: readonly FiledEvent[];
  readonly derived?: SessionChange;
  readonly deadLetters: readonly DeadLetterRow[];
}

/**
 * Reads the session again, whole: what is known of it and what arrived, each event id once, the first to come stands. An event
 * with which the session cannot be derived is a `poisoned` dead letter; the others of its session do not suffer from it.
 */
export function deriveTouched(
  touched: TouchedSession,
  known: KnownSession | undefined,
  rules: ProjectionRules,
): DerivedTouch {
  const seen = new Set(known?.events.map(({ eventId }) => eventId));
  const fresh = touched.arrived.filter(({ event }) => !seen.has(event.id) && seen.add(event.id));
  const before = (known?.events ?? []).flatMap(reread);
  const { admitted, session, refused } = admit(before, fresh, rules.models);
  const events = [...before, ...admitted.map(sessionEvent)];
  return {
    filed: admitted.map(({ entry, event }) => filedEvent(touched, entry, event)),
    ...(session && { derived: changeOf(touched, known, session, events) }),
    deadLetters: refused.map(({ entry, thrown }) => deadLetterRow(entry, poisoned(thrown))),
  };
}

type Arrived = TouchedSession['arrived'][number];

interface Admission {
  readonly admitted: readonly Arrived[];
  readonly session?: DerivedSession;
  readonly refused: readonly { readonly entry: LogEntry; readonly thrown: unknown }[];
}

/** All of them, or, when deriving fails, the first half and then the second half of them, down to the ones that poison. */
function admit(
  before: readonly SessionEvent[],
  arrived: readonly Arrived[],
  models: SessionModels,
): Admission {
  try {
    const events = [...before, ...arrived.map(sessionEvent)];
    return {
      admitted: arrived,
      refused: [],
      ...(events.length > 0 && { session: deriveSession(events, models) }),
    };
  } catch (thrown) {
    if (arrived.length <= 1)
      return { admitted: [], refused: arrived.map(({ entry }) => ({ entry, thrown })) };
    const half = arrived.length >> 1;
    const first = admit(before, arrived.slice(0, half), models);
    const second = admit([...before, ...first.admitted.map(sessionEvent)], arrived.slice(half), models);
    const session = second.session ?? first.session;
    return {
      admitted: [...first.admitted, ...second.admitted],
      refused: [...first.refused, ...second.refused],
      ...(session && { session }),
    };
  }
}

function changeOf(
  { tenant }: TouchedSession,
  known: KnownSession | undefined,
  session: DerivedSession,
  events: readonly SessionEvent[],
): SessionChange {
  const version = events.reduce((highest, { position }) => Math.max(highest, position), 0);
  return { tenant, version, session, ...(known && { previousDay: known.day }) };
}

function sessionEvent({ entry, event }: Arrived): SessionEvent {
  return { event, position: entry.position };
}

function filedEvent({ tenant, session }: TouchedSession, entry: LogEntry, event: HeedEvent): FiledEvent {
  return {
    tenant,
    session,
    eventId: event.id,
    position: entry.position,
    receivedAtMs: entry.receivedAtMs,
    body: entry.body,
  };
}

function reread({ body, receivedAtMs, position }: FiledEvent): readonly SessionEvent[] {
  const parsed = parseEvent(body, { receivedAtMs, limits: NO_LIMITS });
  return parsed.ok ? [{ event: parsed.value, position }] : [];
}
