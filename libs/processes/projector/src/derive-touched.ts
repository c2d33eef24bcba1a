import {
  eventIdOfKey,
  NO_LIMITS,
  parseEvent,
  type HeedEvent,
  type LogEntry,
  type LogPosition,
} from '@heed/events';
import type { SessionId, TenantId } from '@heed/kernel';
import {
  deriveSession,
  withErased,
  type DeadLetterRow,
  type DefectModels,
  type DerivedSession,
  type FiledEvent,
  type KnownSession,
  type RepeatRow,
  type SessionChanges,
  type SessionEvent,
  type SessionModels,
} from '@heed/sessions';
import { deadLetterRow, poisoned } from './read-entry.ts';

export interface ProjectionRules {
  readonly models: SessionModels;
  /** Models of failed turns, which speak in place of the rules; there are none when absent. */
  readonly defects?: DefectModels;
  /** Events from which on a session goes on in a further part; `PART_EVENTS` when absent. */
  readonly partEvents?: number;
}

/** Events of one session, or of one part of it, in the log's order, that a batch brings. */
export interface TouchedSession {
  readonly tenant: TenantId;
  readonly session: SessionId;
  readonly arrived: readonly {
    readonly entry: LogEntry;
    readonly event: HeedEvent;
    readonly apart?: true;
  }[];
  /** Those of them that were erased, in the log's order; none when absent. */
  readonly erased?: readonly LogEntry[];
  /** It is the first part of a session that has places. */
  readonly continued?: true;
}

type SessionChange = SessionChanges['derived'][number];

/** What becomes of one touched session. */
export interface DerivedTouch {
  readonly filed: readonly FiledEvent[];
  readonly derived?: SessionChange;
  /** What it was derived from. */
  readonly said: readonly SessionEvent[];
  readonly deadLetters: readonly DeadLetterRow[];
  readonly repeated: readonly RepeatRow[];
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
  const { fresh, erased, repeats } = withoutRepeats(touched, known);
  const before = (known?.events ?? []).flatMap(reread);
  const { admitted, session, refused } = admit(before, fresh, rules.models);
  const allErased = [...(known?.events ?? []).filter(isErased), ...erased];
  // Where all that arrived poisons it, what was there before stands.
  const left =
    session ?? (before.length > 0 && allErased.length > 0 ? deriveSession(before, rules.models) : undefined);
  const said = [...before, ...admitted.map(sessionEvent)];
  const events = [...said, ...allErased];
  const change =
    left === undefined && allErased.length === 0
      ? undefined
      : withErased(left, touched.session, allErased, rules.models);
  return {
    filed: [
      ...admitted.map((arrived) => filedEvent(touched, arrived)),
      ...erased.map((entry) => erasedEvent(touched, entry)),
    ],
    ...(change && { derived: changeOf(touched, known, change, events) }),
    said,
    ...repeatedOf(touched, repeats, refused),
  };
}

/** Filed events have a body until they are erased. */
function isErased({ body }: FiledEvent): boolean {
  return body === '';
}

type Arrived = TouchedSession['arrived'][number];

interface Repeat {
  readonly entry: LogEntry;
  readonly eventId: string;
  /** Where the event stands that it repeats. */
  readonly first: LogPosition;
}

/** Each event once, the first to come; and apart what the log has again at another place. What the batch brings again is no repeat. */
function withoutRepeats(
  { arrived, erased = [] }: TouchedSession,
  known: KnownSession | undefined,
): {
  readonly fresh: readonly Arrived[];
  readonly erased: readonly LogEntry[];
  readonly repeats: readonly Repeat[];
} {
  const firsts = new Map<string, LogPosition>(
    known?.events.map(({ eventId, position }) => [eventId, position]),
  );
  const repeats: Repeat[] = [];
  const isFirst = (entry: LogEntry, eventId: string): boolean => {
    const first = firsts.get(eventId);
    if (first === undefined) firsts.set(eventId, entry.position);
    else if (first !== entry.position) repeats.push({ entry, eventId, first });
    return first === undefined;
  };
  const fresh: Arrived[] = [];
  const freshErased: LogEntry[] = [];
  for (const one of inOrder(arrived, erased)) {
    if ('event' in one) {
      if (isFirst(one.entry, one.event.id)) fresh.push(one);
    } else if (isFirst(one, eventIdOfKey(one.key))) freshErased.push(one);
  }
  return { fresh, erased: freshErased, repeats };
}

function inOrder(arrived: readonly Arrived[], erased: readonly LogEntry[]): readonly (Arrived | LogEntry)[] {
  if (erased.length === 0) return arrived;
  const positionOf = (one: Arrived | LogEntry): LogPosition =>
    'event' in one ? one.entry.position : one.position;
  return [...arrived, ...erased].sort((a, b) => positionOf(a) - positionOf(b));
}

/** The repeats of what was refused are refused like it; of the others both places are kept. */
function repeatedOf(
  { tenant, session }: TouchedSession,
  repeats: readonly Repeat[],
  refused: Admission['refused'],
): Pick<DerivedTouch, 'deadLetters' | 'repeated'> {
  const causes = new Map(refused.map(({ entry, thrown }) => [entry.position, thrown]));
  const alsoRefused = repeats
    .filter(({ first }) => causes.has(first))
    .map(({ entry, first }) => ({ entry, thrown: causes.get(first) }));
  const kept = repeats.filter(({ first }) => !causes.has(first));
  return {
    deadLetters: [...refused, ...alsoRefused].map(({ entry, thrown }) =>
      deadLetterRow(entry, poisoned(thrown)),
    ),
    repeated: kept.flatMap(({ entry, eventId, first }) =>
      [first, entry.position].map((position) => ({ tenant, session, eventId, position })),
    ),
  };
}

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
  { tenant, session: name, continued }: TouchedSession,
  known: KnownSession | undefined,
  session: DerivedSession,
  events: readonly { readonly position: LogPosition }[],
): SessionChange {
  const version = events.reduce((highest, { position }) => Math.max(highest, position), 0);
  return {
    tenant,
    version,
    session: { ...session, session: name },
    ...(known && { previousDay: known.day }),
    ...(continued && { continued }),
  };
}

function sessionEvent({ entry, event, apart }: Arrived): SessionEvent {
  return { event, position: entry.position, ...(apart && { apart }) };
}

function filedEvent({ tenant, session }: TouchedSession, { entry, event, apart }: Arrived): FiledEvent {
  return {
    tenant,
    session,
    eventId: event.id,
    position: entry.position,
    receivedAtMs: entry.receivedAtMs,
    body: entry.body,
    eventName: event.name,
    ...(entry.sealedBy !== undefined && { sealedBy: entry.sealedBy }),
    ...(apart && { apart }),
  };
}

function erasedEvent({ tenant, session }: TouchedSession, entry: LogEntry): FiledEvent {
  const { key, position, receivedAtMs, sealedBy, eventName } = entry;
  const eventId = eventIdOfKey(key);
  return {
    tenant,
    session,
    eventId,
    position,
    receivedAtMs,
    body: '',
    ...(eventName !== undefined && { eventName }),
    ...(sealedBy !== undefined && { sealedBy }),
  };
}

/** The event as it was filed: one of them, since what is filed could be read, and none when it was erased. */
export function reread({ body, receivedAtMs, position, apart }: FiledEvent): readonly SessionEvent[] {
  if (body === '') return [];
  const parsed = parseEvent(body, { receivedAtMs, limits: NO_LIMITS });
  return parsed.ok ? [{ event: parsed.value, position, ...(apart && { apart }) }] : [];
}
