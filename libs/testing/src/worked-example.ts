import type { ChainEnd, DerivedSession } from '@heed/sessions';
import { chainSession } from './chain-session.ts';

const SESSIONS: readonly (readonly [times: number, states: readonly string[], end: ChainEnd])[] = [
  [6, ['A', 'B'], 'success'],
  [2, ['A', 'C', 'B'], 'success'],
  [1, ['A', 'C'], 'failure'],
  [3, ['A'], 'failure'],
  [10, ['B'], 'success'],
  [1, ['B'], 'failure'],
  [3, ['C', 'B'], 'success'],
  [2, ['C'], 'failure'],
];

/** The same chain worked by hand: n = (12, 22, 8), N_AB = 0.65625, B+ = (0.626420, 0.954545, 0.596591); 28 sessions, a user each. */
export function workedExample(): readonly DerivedSession[] {
  return SESSIONS.flatMap(([times, states, end], kind) =>
    Array.from({ length: times }, (_, number) =>
      chainSession({ session: `worked-${kind}-${number}`, states, end, user: `user-${kind}-${number}` }),
    ),
  );
}
