import { eventId, sessionId, turnId, userId } from '@heed/kernel';
import type { ChainEnd, DerivedSession, DerivedTurn } from '@heed/sessions';

/** What a chain test says of a session; the rest follows. */
export interface ChainSessionSpec {
  readonly session: string;
  /** Names of the states in order. A state's wording is its name unless `wordings` has another at its place. */
  readonly states: readonly string[];
  readonly end: ChainEnd;
  /** `YYYY-MM-DD`; 2026-03-02 unless said otherwise. */
  readonly day?: string;
  readonly user?: string;
  readonly wordings?: readonly string[];
  /** Places of the steps whose answer the user dealt with. */
  readonly engaged?: readonly number[];
  readonly explored?: boolean;
}

const MINUTE_MS = 60_000;

/**
 * A derived session with this chain, whole enough for any store.
 *
 * @example chainSession({ session: 's1', states: ['a', 'b'], end: 'success' })
 */
export function chainSession(spec: ChainSessionSpec): DerivedSession {
  const { session, states, end, day = '2026-03-02', user, engaged = [], explored = false } = spec;
  const startedAtMs = Date.parse(`${day}T12:00:00Z`);
  const wordings = states.map((state, place) => spec.wordings?.[place] ?? state);
  const turns = states.map((state, place) =>
    turnOf(spec, state, wordings[place] ?? state, place, startedAtMs),
  );
  return {
    session: sessionId(session),
    startedAtMs,
    endedAtMs: startedAtMs + Math.max(0, states.length - 1) * MINUTE_MS,
    day,
    ...(user !== undefined && { user: userId(user) }),
    turns,
    chain: {
      steps: turns.map(({ state, turn, request }, place) => ({
        state,
        wording: request,
        turn,
        engaged: engaged.includes(place),
      })),
      end,
      explored,
    },
    orphans: [],
    storedEvents: states.length,
    models: { reformulation: 'example-1', followUp: 'example-1', outcome: 'example-1' },
  };
}

function turnOf(
  spec: ChainSessionSpec,
  state: string,
  wording: string,
  place: number,
  startedAtMs: number,
): DerivedTurn {
  const isLast = place === spec.states.length - 1;
  const settled = isLast && spec.end !== 'unlabelled';
  const [, servedFix] = state.split('\u001f');
  return {
    turn: turnId(`${spec.session}/${place}`),
    event: eventId(`${spec.session}/event/${place}`),
    atMs: startedAtMs + place * MINUTE_MS,
    ...(spec.user !== undefined && { user: userId(spec.user) }),
    request: wording,
    ...(servedFix !== undefined && { servedFix }),
    state,
    reformulation: { kind: 'none', probability: 1 },
    ...(!isLast && { followUp: { kind: 'continues', probability: 1 } }),
    outcome: settled
      ? {
          kind: spec.end === 'success' ? 'success' : 'defect',
          probability: spec.end === 'success' ? 1 : 0,
          decidedBy: 'outcome',
        }
      : { kind: 'unlabelled', probability: 0.5, decidedBy: 'silence' },
    signals: [],
  };
}
