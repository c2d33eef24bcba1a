import { eventIdOfKey, type LogEntry } from '@heed/events';
import {
  PART_EVENTS,
  partKey,
  placeEvents,
  turnNamedBy,
  type KnownSession,
  type Place,
  type Placeable,
  type PlaceRow,
  type SessionStore,
} from '@heed/sessions';
import { reread, type TouchedSession } from './derive-touched.ts';
import { keyOf } from './key-of.ts';

interface LongSession {
  readonly touched: TouchedSession;
  readonly known: KnownSession | undefined;
}

/** It has more than one part, or what arrived fills its first one. What comes again does not count again. */
export function isLong(
  { arrived, erased = [] }: TouchedSession,
  known: KnownSession | undefined,
  partEvents = PART_EVENTS,
): boolean {
  if (known?.continued === true) return true;
  const filed = known?.events ?? [];
  if (filed.length + arrived.length + erased.length < partEvents) return false;
  const ids = new Set([
    ...filed.map(({ eventId }) => eventId),
    ...arrived.map(({ event }) => event.id),
    ...erased.map(({ key }) => eventIdOfKey(key)),
  ]);
  return ids.size >= partEvents;
}

/**
 * Which parts of long sessions the events belong to: those parts alone need be derived again. The places are in the store when it resolves,
 * so that whoever does this again after it was cut off finds each event where it was put, whatever else was written of it.
 */
export async function toParts(
  sessions: readonly LongSession[],
  store: SessionStore,
  partEvents?: number,
): Promise<readonly TouchedSession[]> {
  const long = sessions.map((one) => ({ ...one, arrivals: arrivalsOf(one.touched) }));
  const rows = await store.places(
    long.map(({ touched: { tenant, session }, arrivals }) => ({ tenant, session, names: namesOf(arrivals) })),
  );
  const found = Map.groupBy(rows, keyOf);
  const placed = long.map((one) => placeSession(one, found.get(keyOf(one.touched)) ?? [], partEvents));
  const places = placed.flatMap((one) => one.places);
  if (places.length > 0) await store.apply({ filed: [], derived: [], deadLetters: [], places });
  return placed.flatMap(({ parts }) => parts);
}

type Arrived = TouchedSession['arrived'][number];

/** An event that arrived, or what is left of one that was erased. */
interface Arrival extends Placeable {
  readonly one: Arrived | LogEntry;
}

interface Part {
  readonly arrived: Arrived[];
  readonly erased: LogEntry[];
}

function placeSession(
  { touched: { tenant, session }, known, arrivals }: LongSession & { readonly arrivals: readonly Arrival[] },
  found: readonly Place[],
  partEvents: number | undefined,
): { readonly places: readonly PlaceRow[]; readonly parts: readonly TouchedSession[] } {
  const seed = found.length > 0 ? [] : firstPlaces(known);
  const placed = placeEvents(arrivals, [...found, ...seed], partEvents);
  const parts = new Map<number, Part>();
  const partOf = (number: number): Part => {
    const part = parts.get(number) ?? { arrived: [], erased: [] };
    parts.set(number, part);
    return part;
  };
  // What a store holds of a session that is not marked as continued is marked now, whatever it is that arrived.
  if (known?.continued !== true) partOf(0);
  for (const [i, { one }] of arrivals.entries()) {
    const { part = 0, apart = false } = placed.events[i] ?? {};
    if ('event' in one) partOf(part).arrived.push(apart ? { ...one, apart } : one);
    else partOf(part).erased.push(one);
  }
  return {
    places: [...seed, ...placed.places].map((place) => ({ tenant, session, ...place })),
    parts: Array.from(parts, ([number, part]) => ({
      tenant,
      session: partKey(session, number),
      ...part,
      ...(number === 0 && { continued: true }),
    })),
  };
}

/** Everything that was known of a session before it had places is its first part, however much it is. */
function firstPlaces(known: KnownSession | undefined): readonly Place[] {
  const events = (known?.events ?? []).map((filed): Placeable => {
    const [read] = reread(filed);
    return { id: filed.eventId, turn: read && turnNamedBy(read.event) };
  });
  return placeEvents(events, [], Infinity).places;
}

/** In the log's order. */
function arrivalsOf({ arrived, erased = [] }: TouchedSession): readonly Arrival[] {
  const events = arrived.map((one) => ({ id: one.event.id, turn: turnNamedBy(one.event), one }));
  if (erased.length === 0) return events;
  const left = erased.map((one) => ({ id: eventIdOfKey(one.key), one }));
  return [...events, ...left].sort((a, b) => positionOf(a.one) - positionOf(b.one));
}

function positionOf(one: Arrived | LogEntry): number {
  return 'event' in one ? one.entry.position : one.position;
}

function namesOf(arrivals: readonly Arrival[]): readonly string[] {
  return [...new Set(arrivals.flatMap(({ id, turn }) => (turn === undefined ? [id] : [id, turn])))];
}
