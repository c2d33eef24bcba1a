import type { DeadLetterReason } from '@heed/events';
import { seededRandom, type SeededRandom } from '@heed/kernel';

/** What must become of one event: it is in the warehouse, or it is a dead letter for this reason. */
export type Fate = 'stored' | DeadLetterReason;

/** What the edge says of an event that it has not been sent before, or was sent and has answered. */
export type Answer = 'accepted' | 'duplicate' | 'dead-lettered';

export interface PlannedEvent {
  readonly text: string;
  readonly answer: Answer;
  /** What is to be counted at the end; absent for what was sent before on purpose. */
  readonly counts?: Counted;
}

export interface Counted {
  readonly fate: Fate;
  /** The event's id; its text where nobody can read an id. */
  readonly name: string;
  readonly session: string;
  /** Whom it names, as far as it names somebody. */
  readonly user?: string;
  /** What must be seen of it once its session is derived; absent where nothing must. */
  readonly derived?: { readonly turn: string; readonly request: string } | { readonly signalOf: string };
  /** It names a turn that never comes. */
  readonly orphan?: true;
}

export interface PlannedRequest {
  readonly contentType: string;
  readonly body: string;
  readonly events: readonly PlannedEvent[];
}

/** What one sender sends, one request after the answer to the one before. */
export type Lane = readonly PlannedRequest[];

export interface PlannedLoad {
  readonly seed: number;
  readonly lanes: readonly Lane[];
  /** Every event that counts, in no order. */
  readonly counted: readonly Counted[];
}

export interface LoadSize {
  readonly lanes: number;
  readonly requestsPerLane: number;
  readonly sessions: number;
  /** By how much each turn's text is longer than it has to be; 0 when absent. */
  readonly moreCharacters?: number;
  /** Who asks and reacts, in their own words; nobody is named when absent. */
  readonly users?: readonly string[];
  /** One of them, who sends nothing any more after so many requests of each lane, and whose events are sent but once. */
  readonly leaver?: { readonly user: string; readonly afterRequests: number };
}

const LARGEST_BATCH = 30;
const BEGAN_MS = Date.UTC(2026, 2, 1, 8);

/**
 * What a seed sends: turns and reactions of sessions that several senders share, alone and in batches, with repeats on purpose, ids
 * that are used again for other content, events that are none, and reactions whose turn comes later or never. The same seed
 * plans the same bytes on every machine.
 */
export function planLoad(seed: number, size: LoadSize): PlannedLoad {
  const random = seededRandom(seed);
  const planner = new Planner(seed, size, random);
  return withCounted(
    seed,
    Array.from({ length: size.lanes }, (_, lane) => planner.lane(lane)),
  );
}

/** The load in two: of each lane so many requests, and the rest. */
export function splitLoad(load: PlannedLoad, requests: number): readonly [PlannedLoad, PlannedLoad] {
  const part = (from: number, to?: number): PlannedLoad =>
    withCounted(
      load.seed,
      load.lanes.map((lane) => lane.slice(from, to)),
    );
  return [part(0, requests), part(requests)];
}

/** What a user asks for in words that nobody else has. */
export function wordsOf(user: string): string {
  return `as only ${user} says it`;
}

function withCounted(seed: number, lanes: readonly Lane[]): PlannedLoad {
  const counted = lanes.flatMap((requests) =>
    requests.flatMap(({ events }) => events.flatMap(({ counts }) => (counts ? [counts] : []))),
  );
  return { seed, lanes, counted };
}

interface Turn {
  readonly turn: string;
  readonly session: string;
}

class Planner {
  readonly #seed: number;
  readonly #size: LoadSize;
  readonly #random: SeededRandom;
  /** Of every lane so far: a reaction may be sent before the turn that another lane sends. */
  readonly #turns: Turn[] = [];
  #number = 0;
  #users: readonly string[] = [];

  constructor(seed: number, size: LoadSize, random: SeededRandom) {
    this.#seed = seed;
    this.#size = size;
    this.#random = random;
  }

  lane(lane: number): Lane {
    const before: PlannedEvent[] = [];
    const usedAgain = new Set<PlannedEvent>();
    const { leaver } = this.#size;
    return Array.from({ length: this.#size.requestsPerLane }, (_, request) => {
      this.#users = this.#usersAt(request);
      const count = this.#random.chance(0.5) ? 1 : 2 + this.#random.below(LARGEST_BATCH - 1);
      const events = Array.from({ length: count }, () => this.#event(lane, before, usedAgain));
      before.push(
        ...events.filter(
          ({ counts }) => counts?.fate === 'stored' && (!leaver || counts.user !== leaver.user),
        ),
      );
      return requestOf(events, count === 1);
    });
  }

  #usersAt(request: number): readonly string[] {
    const { users = [], leaver } = this.#size;
    return leaver && request >= leaver.afterRequests ? users.filter((user) => user !== leaver.user) : users;
  }

  /** What an event says of whoever sends it, and the words that are theirs alone. */
  #sender(): { readonly named: { readonly user?: string }; readonly words: string } {
    if (this.#users.length === 0) return { named: {}, words: '' };
    const user = this.#random.pick(this.#users);
    return { named: { user }, words: ` ${wordsOf(user)}` };
  }

  #event(lane: number, before: readonly PlannedEvent[], usedAgain: Set<PlannedEvent>): PlannedEvent {
    const draw = this.#random.next();
    const id = `${this.#seed}-${lane}-${++this.#number}`;
    const earlier = before.length > 0 && draw < 0.12 ? this.#random.pick(before) : undefined;
    if (earlier !== undefined && draw < 0.07) return this.#repeat(earlier);
    if (earlier !== undefined && !usedAgain.has(earlier)) {
      usedAgain.add(earlier);
      return conflictWith(earlier);
    }
    if (draw < 0.2) return this.#bad(id);
    if (draw < 0.25) return this.#reaction(id, { turn: `never-${id}`, session: this.#session() }, true);
    if (draw < 0.45 && this.#turns.length > 0) return this.#reaction(id, this.#random.pick(this.#turns));
    return this.#turn(id);
  }

  #turn(id: string): PlannedEvent {
    const [turn, session] = [`t-${id}`, this.#session()];
    const { named, words } = this.#sender();
    const request = `play song ${this.#random.below(40)}${words}${' again'.repeat((this.#size.moreCharacters ?? 0) / 6)}`;
    this.#turns.push({ turn, session });
    const text = this.#text(id, session, 'heed.turn.v1', { turn, ...named, request: { text: request } });
    return stored(text, { name: id, session, ...named, derived: { turn, request } });
  }

  #reaction(id: string, { turn, session }: Turn, orphan = false): PlannedEvent {
    const { named } = this.#sender();
    const text = this.#text(id, session, 'heed.reaction.v1', { turn, ...named, kind: 'like' });
    return stored(text, {
      name: id,
      session,
      ...named,
      ...(orphan ? { orphan } : { derived: { signalOf: turn } }),
    });
  }

  /** The same event, its JSON set otherwise one time in two. */
  #repeat({ text }: PlannedEvent): PlannedEvent {
    const again = this.#random.chance(0.5) ? text : JSON.stringify(JSON.parse(text), null, 1);
    return { text: again, answer: 'duplicate' };
  }

  #bad(id: string): PlannedEvent {
    const session = this.#session();
    const { named, words } = this.#sender();
    const data = { turn: `t-${id}`, ...named, request: { text: `play jazz${words}` } };
    const whole = this.#text(id, session, 'heed.turn.v1', data);
    const letter = (fate: DeadLetterReason, text: string, name = id): PlannedEvent => ({
      text,
      answer: 'dead-lettered',
      counts: { fate, name, session, ...(fate !== 'unreadable' && named) },
    });
    const unreadable = `{"specversion":"1.0", "id": ${id}}`;
    return this.#random.pick([
      letter('schema-violation', whole.replace(/"time":"[^"]*"/u, '"time":"noon"')),
      letter('clock-skew', whole.replace(/"time":"[^"]*"/u, '"time":"1970-01-01T00:00:00Z"')),
      letter('unknown-type', whole.replace('heed.turn.v1', 'heed.song.v1')),
      letter('unsupported-version', whole.replace('heed.turn.v1', 'heed.turn.v99')),
      letter('unreadable', unreadable, unreadable),
    ]);
  }

  #session(): string {
    return `s-${this.#seed}-${this.#random.below(this.#size.sessions)}`;
  }

  #text(id: string, subject: string, type: string, data: object): string {
    const time = new Date(BEGAN_MS + this.#number * 1000).toISOString();
    return JSON.stringify({ specversion: '1.0', id, source: '/load', type, subject, time, data });
  }
}

function stored(text: string, counts: Omit<Counted, 'fate'>): PlannedEvent {
  return { text, answer: 'accepted', counts: { fate: 'stored', ...counts } };
}

/** Other content under the id of an event that was answered before: the first one stays. */
function conflictWith({ text, counts }: PlannedEvent): PlannedEvent {
  if (counts === undefined) throw new Error('only what counts can be contradicted');
  return {
    text: text.replace('play song', 'play another song than').replace('"like"', '"love"'),
    answer: 'dead-lettered',
    counts: { fate: 'conflicting-duplicate', name: counts.name, session: counts.session },
  };
}

function requestOf(events: readonly PlannedEvent[], alone: boolean): PlannedRequest {
  const texts = events.map(({ text }) => text);
  return alone
    ? { contentType: 'application/cloudevents+json', body: texts.join(''), events }
    : { contentType: 'application/cloudevents-batch+json', body: `[${texts.join(',\n')}]`, events };
}
