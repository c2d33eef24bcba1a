import { cloudEventOf, type CloudEvent } from '@heed/events';
import type { SeededRandom } from '@heed/kernel';
import type { Scenario, Wish, Wording } from './scenario.ts';

/** What simulated applications send. */
export type SimulatedEvent =
  CloudEvent<'turn'> | CloudEvent<'behaviour'> | CloudEvent<'reaction'> | CloudEvent<'outcome'>;

export interface SimulationOptions {
  readonly sessions: number;
  readonly users: number;
  /** Sessions begin evenly over the days before this. */
  readonly untilMs: number;
  readonly days: number;
  /** Goes into every id, so that two simulations can share a tenant. */
  readonly prefix: string;
}

const DAY_MS = 86_400_000;

/**
 * Sessions of simulated users against a simulated assistant, as the events a real application would send: turns, dwelling,
 * thumbs, outcomes, and often enough nothing at all. The same random source gives the same events.
 *
 * Yields a session at a time, its events in time order. Cost: linear in the number of events.
 */
export function* simulateSessions(
  scenario: Scenario,
  random: SeededRandom,
  options: SimulationOptions,
): Generator<readonly SimulatedEvent[]> {
  const wordings = new Map(
    scenario.wishes.flatMap((wish) => wish.wordings.map((wording) => [wording.text, wording])),
  );
  const startMs = options.untilMs - options.days * DAY_MS;
  const stepMs = (options.days * DAY_MS) / options.sessions;
  for (let n = 0; n < options.sessions; n++) {
    const wish = weighted(scenario.wishes, ({ weight }) => weight, random);
    const user = wish.only ? random.pick(wish.only) : `user-${String(random.below(options.users) + 1)}`;
    const session = new SimulatedSession(
      `${options.prefix}-${String(n + 1)}`,
      user,
      startMs + Math.floor(n * stepMs),
      random,
    );
    session.pursue(wish, wordings);
    yield session.events;
  }
}

class SimulatedSession {
  readonly events: SimulatedEvent[] = [];
  readonly #id: string;
  readonly #user: string;
  readonly #random: SeededRandom;
  #nowMs: number;
  #turns = 0;

  constructor(id: string, user: string, startMs: number, random: SeededRandom) {
    this.#id = id;
    this.#user = user;
    this.#nowMs = startMs;
    this.#random = random;
  }

  pursue(wish: Wish, wordings: ReadonlyMap<string, Wording>): void {
    let wording = weighted(wish.wordings, ({ first }) => first, this.#random);
    let served = this.#say(wording);
    while (!served && wording.next.length > 0 && this.#random.chance(wording.persistence)) {
      wording = known(wordings, weighted(wording.next, ({ weight }) => weight, this.#random).text);
      served = this.#say(wording);
    }
    if (served && wish.thenOn && this.#random.chance(wish.thenOn.probability)) {
      this.#dwell(wish.thenOn.dwellMs);
      served = this.#say(known(wordings, wish.thenOn.to));
    }
    this.#end(served);
  }

  /** Asks, and tells whether the assistant served the wish. */
  #say(wording: Wording): boolean {
    const served = this.#random.chance(wording.served);
    this.#turns += 1;
    this.events.push(
      cloudEventOf({
        ...this.#parts(),
        type: 'heed.turn.v1',
        data: {
          turn: this.#turn(),
          user: this.#user,
          request: { text: wording.text },
          response: { text: served ? 'Here you are.' : "Sorry, I didn't get that." },
        },
      }),
    );
    this.#nowMs += 4000 + this.#random.below(12_000);
    return served;
  }

  #dwell(ms: number): void {
    this.events.push(
      cloudEventOf({
        ...this.#parts(),
        type: 'heed.behaviour.v1',
        data: { turn: this.#turn(), user: this.#user, kind: 'dwelled', ms },
      }),
    );
    this.#nowMs += ms;
  }

  /** Three sessions in four tell how they ended: most by an outcome, some by a thumb. The rest is silence. */
  #end(served: boolean): void {
    const told = this.#random.next();
    if (told < 0.55) {
      this.events.push(
        cloudEventOf({
          ...this.#parts(),
          type: 'heed.outcome.v1',
          data: { turn: this.#turn(), name: 'success', value: served },
        }),
      );
    } else if (told < 0.75) {
      this.events.push(
        cloudEventOf({
          ...this.#parts(),
          type: 'heed.reaction.v1',
          data: { turn: this.#turn(), user: this.#user, kind: served ? 'thumbs-up' : 'thumbs-down' },
        }),
      );
    }
  }

  #turn(): string {
    return `t${String(this.#turns)}`;
  }

  /** What every event of the session has; the id is the next one's. */
  #parts(): {
    readonly id: string;
    readonly session: string;
    readonly source: string;
    readonly timeMs: number;
  } {
    const id = `${this.#id}-${String(this.events.length + 1)}`;
    return { id, session: this.#id, source: '/simulation', timeMs: this.#nowMs };
  }
}

function known(wordings: ReadonlyMap<string, Wording>, text: string): Wording {
  const wording = wordings.get(text);
  if (wording === undefined)
    throw new RangeError(`the scenario has no wording "${text}"; add it to one of its wishes`);
  return wording;
}

function weighted<T>(items: readonly T[], weightOf: (item: T) => number, random: SeededRandom): T {
  const total = items.reduce((sum, item) => sum + weightOf(item), 0);
  let left = random.next() * total;
  for (const item of items) {
    left -= weightOf(item);
    if (left < 0) return item;
  }
  return random.pick(items);
}
