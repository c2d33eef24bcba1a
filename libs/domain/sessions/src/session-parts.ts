import type { HeedEvent } from '@heed/events';
import { sessionId, type SessionId } from '@heed/kernel';

/**
 * A part of a session is given no new turns once so many events went to it, and nothing at all once it is `CLOSED_AT` of them. What a batch
 * costs is bounded by it, however long a session is; all but the busiest ones are one part.
 */
export const PART_EVENTS = 2048;

/** With what is said of its turns later, a part may grow to so many times its size. */
const CLOSED_AT = 2;

/** Ids have no control characters, so no session's own id can look like a part of another one. */
const PART_SIGN = '\u001f';

/** Under what name a part is kept: the first by the session's own. @example partKey(sessionId('s'), 0) // 's' */
export function partKey(session: SessionId, part: number): SessionId {
  return part === 0 ? session : sessionId(`${session}${PART_SIGN}${String(part)}`);
}

/** The session that a part belongs to. */
export function sessionOfPart(key: string): SessionId {
  const sign = key.indexOf(PART_SIGN);
  return sessionId(sign === -1 ? key : key.slice(0, sign));
}

export const PLACE_KINDS = ['part', 'event', 'turn'] as const;

/**
 * Where something of a session in several parts went: an event, a turn (with the first event that names it, and everything else about it
 * follows), or, for a part, how many events have gone to it.
 */
export interface Place {
  readonly kind: (typeof PLACE_KINDS)[number];
  /** The event's or the turn's id; '' for a part. */
  readonly name: string;
  readonly part: number;
  /** Of a part: events that went to it so far. 0 for the others. */
  readonly events: number;
}

/** What decides where an event goes: its id, and the turn that it is or says something about. An erased one is known by its id alone. */
export interface Placeable {
  readonly id: string;
  readonly turn?: string | undefined;
}

export interface PlacedEvent {
  readonly part: number;
  /** It names a turn of another part, which is closed: it is stored and has no effect. */
  readonly apart: boolean;
}

export interface Placement {
  /** One for each event, in order. */
  readonly events: readonly PlacedEvent[];
  /** What was not known before. */
  readonly places: readonly Place[];
}

/**
 * Puts events, in the log's order, into the parts of their session. The log's order alone decides, and an event that was given its place
 * keeps it, so that neither batches nor repetition can make a difference:
 *
 * - what names a turn goes where the first event that names it went;
 * - what names a turn for the first time goes to the newest part, or begins the next one when that is full;
 * - what names none goes to the newest part;
 * - what would go to a part that is closed goes to the newest one, as an event apart.
 *
 * `known` are the places of all parts, and of these events and the turns that they name as far as they have one.
 */
export function placeEvents(
  events: readonly Placeable[],
  known: readonly Place[],
  partEvents = PART_EVENTS,
): Placement {
  const rooms = new Parts(known, partEvents);
  return { events: events.map((event) => rooms.take(event)), places: rooms.news() };
}

class Parts {
  readonly #partEvents: number;
  readonly #sizes: number[] = [];
  readonly #homes: Readonly<Record<'event' | 'turn', Map<string, number>>> = {
    event: new Map(),
    turn: new Map(),
  };
  readonly #places: Place[] = [];
  readonly #grown = new Set<number>();

  constructor(known: readonly Place[], partEvents: number) {
    this.#partEvents = partEvents;
    for (const { kind, name, part, events } of known) {
      if (kind === 'part') this.#sizes[part] = events;
      else this.#homes[kind].set(name, part);
    }
  }

  take({ id, turn }: Placeable): PlacedEvent {
    const home = turn === undefined ? undefined : this.#homes.turn.get(turn);
    const part = this.#homes.event.get(id) ?? this.#enter(id, turn, home);
    return { part, apart: home !== undefined && home !== part };
  }

  news(): readonly Place[] {
    const grown = [...this.#grown].map((part) => ({
      kind: 'part' as const,
      name: '',
      part,
      events: this.#sizes[part] ?? 0,
    }));
    return [...this.#places, ...grown];
  }

  #enter(id: string, turn: string | undefined, home: number | undefined): number {
    const isNews = turn !== undefined && home === undefined;
    const part = home !== undefined && this.#isOpen(home) ? home : this.#newest(isNews);
    this.#sizes[part] = (this.#sizes[part] ?? 0) + 1;
    this.#grown.add(part);
    this.#note('event', id, part);
    if (isNews) this.#note('turn', turn, part);
    return part;
  }

  #newest(forTurn: boolean): number {
    const newest = Math.max(0, this.#sizes.length - 1);
    const size = this.#sizes[newest] ?? 0;
    return size < this.#partEvents || (!forTurn && this.#isOpen(newest)) ? newest : newest + 1;
  }

  #isOpen(part: number): boolean {
    return (this.#sizes[part] ?? 0) < this.#partEvents * CLOSED_AT;
  }

  #note(kind: 'event' | 'turn', name: string, part: number): void {
    this.#homes[kind].set(name, part);
    this.#places.push({ kind, name, part, events: 0 });
  }
}

/** The turn that an event is, or says something about. */
export function turnNamedBy(event: HeedEvent): string | undefined {
  return 'turn' in event.data ? event.data.turn : undefined;
}
