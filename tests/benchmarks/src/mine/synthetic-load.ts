/* eslint-disable @typescript-eslint/no-non-null-assertion -- columns of one length, indexed below it */
import { seededRandom } from '@heed/kernel';
import { zipfSampler } from './zipf-sampler.ts';

export interface LoadSize {
  readonly sessions: number;
  readonly states: number;
  /** Exponent of the states' popularity. */
  readonly zipf: number;
  readonly users: number;
  readonly days: number;
  readonly seed: number;
}

/** About ten million turns. */
export const FULL_LOAD: LoadSize = {
  sessions: 3_300_000,
  states: 300_000,
  zipf: 1.3,
  users: 600_000,
  days: 30,
  seed: 1,
};

/** Sessions as columns: session `k` went through `states[start[k] .. start[k + 1]]`. */
export interface SyntheticLoad {
  readonly size: LoadSize;
  readonly start: Uint32Array;
  readonly states: Uint32Array;
  /** 0 unlabelled, 1 success, 2 failure. */
  readonly end: Uint8Array;
  readonly explored: Uint8Array;
  readonly user: Uint32Array;
  /** Days after the first. */
  readonly day: Uint16Array;
}

/** States come in families of three: one wording that works and two that do not. */
const FAMILY = 3;
const TOPICS_OF_AN_EXPLORER = 3;
const UNLABELLED = 0;
const SUCCESS = 1;
const FAILURE = 2;

/**
 * Users with known habits. Each session begins with a request by popularity (every state once, then Zipf). A wording that works ends the
 * session well in 3 of 10 visits and leads to another topic in 6; one that does not mostly leads to its working sister (5 of
 * 10), to its other sister, to another topic, or to an end. Three changes of topic make an explorer.
 */
export function syntheticLoad(size: LoadSize): SyntheticLoad {
  const random = seededRandom(size.seed);
  const popular = zipfSampler(size.states, size.zipf, random);
  const columns = emptyColumns(size);
  let turns = 0;
  for (let session = 0; session < size.sessions; session++) {
    let state = session < size.states ? session : popular();
    let topics = 1;
    let end = -1;
    while (end < 0) {
      columns.states[turns++] = state;
      const works = state % FAMILY === 0;
      const chance = random.next();
      let next = -1;
      if (works ? chance < 0.63 : chance < 0.15) next = popular();
      else if (works) end = chance < 0.9 ? SUCCESS : chance < 0.95 ? FAILURE : UNLABELLED;
      else if (chance < 0.65) next = state - (state % FAMILY);
      else if (chance < 0.75) next = sister(state);
      else end = chance < 0.78 ? SUCCESS : chance < 0.9 ? FAILURE : UNLABELLED;
      if (next >= size.states || turns === columns.states.length) end = UNLABELLED;
      else if (next >= 0 && next !== state) {
        if (Math.floor(next / FAMILY) !== Math.floor(state / FAMILY)) topics++;
        state = next;
      } else if (next === state) turns--;
    }
    columns.start[session + 1] = turns;
    columns.end[session] = end;
    columns.explored[session] = topics > TOPICS_OF_AN_EXPLORER ? 1 : 0;
    columns.user[session] = random.below(size.users);
    columns.day[session] = random.below(size.days);
  }
  return { size, ...columns, states: columns.states.subarray(0, turns) };
}

function sister(state: number): number {
  return state % FAMILY === 1 ? state + 1 : state - 1;
}

function emptyColumns({ sessions }: LoadSize): Omit<SyntheticLoad, 'size'> {
  return {
    start: new Uint32Array(sessions + 1),
    states: new Uint32Array(sessions * 8),
    end: new Uint8Array(sessions),
    explored: new Uint8Array(sessions),
    user: new Uint32Array(sessions),
    day: new Uint16Array(sessions),
  };
}

/** How users word a state: families differ in their number, sisters in a letter or the order of words. */
export function wordingOf(state: number): string {
  const family = Math.floor(state / FAMILY);
  const name = nameOf(family);
  return [`play ${name} radio`, `ply ${name} radio`, `radio ${name}`][state % FAMILY]!;
}

const SYLLABLES = [
  'ba',
  'ke',
  'li',
  'mo',
  'nu',
  'ra',
  'se',
  'ti',
  'vo',
  'zu',
  'dan',
  'fel',
  'gor',
  'him',
  'jus',
  'pax',
];

function nameOf(family: number): string {
  const syllables = [];
  for (let rest = family + 4096, k = 0; k < 4; k++, rest = Math.floor(rest / 16))
    syllables.push(SYLLABLES[rest % 16]!);
  return `${syllables.slice(0, 2).join('')} ${syllables.slice(2).join('')}${family >= 65_536 - 4096 ? 's' : ''}`;
}
