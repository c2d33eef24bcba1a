import type { SessionId } from '@heed/kernel';
import type { ReadableTurn, Reading } from '../features/feature-reader.ts';
import { observeSession } from './observe-session.ts';
import type { SessionTurn } from './session-turn.ts';

/**
 * The turns of a session as a model that is served reads them, wherever it is: null for those without an answer. A turn is judged by the answer it has by
 * now, whichever was reacted to, and by nothing that was stated of it: what a model says of a turn is the same before somebody states something and after.
 * In training it is the answer that was judged (`observeSession`), for that is the one the label is of.
 *
 * @param turns all of one session, or of one part of it, in their order
 * @param answers of the turns that had any sent on their own
 */
export function turnsToScore(
  session: SessionId,
  turns: readonly SessionTurn[],
  answers: Parameters<typeof observeSession>[2],
  reading: Reading,
): readonly (ReadableTurn | null)[] {
  return observeSession(session, turns.map(withoutVerdicts), answers, reading).map(
    ({ context, response, aftermath }) =>
      response === '' ? null : { context, response, ...(aftermath && { aftermath }) },
  );
}

function withoutVerdicts(turn: SessionTurn): SessionTurn {
  return { ...turn, signals: turn.signals.filter(({ kind }) => kind.startsWith('behaviour.')) };
}
