import { eventId, sessionId, turnId, userId } from '@heed/kernel';
import type { ObservedTurn } from './observed-turn.ts';

export interface Sketch {
  readonly atMs: number;
  readonly user?: string;
  readonly session?: string;
  readonly response?: string;
  /** Kinds, each given by the turn's user at the turn's time plus so many milliseconds. */
  readonly reactions?: readonly (readonly [kind: string, afterMs: number, user?: string])[];
}

/** Turns as the warehouse would hold them, named by their places. */
export function observed(sketches: readonly Sketch[]): readonly ObservedTurn[] {
  return sketches.map(
    ({ atMs, user, session = `s-${String(atMs)}`, response = 'Here it is.', reactions = [] }, n) => ({
      turn: turnId(`t-${String(n)}`),
      event: eventId(`e-${String(n)}`),
      session: sessionId(session),
      atMs,
      ...(user !== undefined && { user: userId(user) }),
      context: [{ role: 'user' as const, text: 'play jazz' }],
      response,
      reactions: reactions.map(([kind, afterMs, by], place) => ({
        event: eventId(`r-${String(n)}-${String(place)}`),
        kind,
        atMs: atMs + afterMs,
        ...(by !== undefined && { user: userId(by) }),
      })),
    }),
  );
}
